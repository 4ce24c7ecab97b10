//! How many rows a list has in all, as far as anybody wants to know (search spec, section 10.5).

/// Where counting stops unless a caller says otherwise.
pub const HITS_CAP: i64 = 1000;

/// What has to be done to know the hits of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hits {
    /// Nobody asked: the answer has none, which is not the same as none found.
    NotAsked,
    /// Known without looking.
    Known(i64),
    /// The rows of the whole list have to be counted: without cursor and order, and not beyond this number.
    Count {
        /// Where counting stops.
        at_most: i64,
    },
}

impl Hits {
    /// What a request needs. `empty_base`: whether the list is known to be empty before anything is read.
    #[must_use]
    pub fn plan(asked: bool, max_hits: Option<i64>, empty_base: bool) -> Self {
        let at_most = max_hits.unwrap_or(HITS_CAP);
        match asked {
            false => Self::NotAsked,
            true if empty_base || at_most <= 0 => Self::Known(0),
            true => Self::Count { at_most },
        }
    }

    /// The hits for the answer, where the length of the list is at hand.
    #[must_use]
    pub fn of_length(self, length: i64) -> Option<i64> {
        match self {
            Self::NotAsked => None,
            Self::Known(hits) => Some(hits),
            Self::Count { at_most } => Some(length.min(at_most)),
        }
    }

    /// The hits for the answer. `count` counts up to the number it is given, and is not called where nothing has to
    /// be counted.
    ///
    /// # Errors
    /// Those of `count`.
    pub async fn find<E>(
        self,
        count: impl AsyncFnOnce(i64) -> Result<i64, E>,
    ) -> Result<Option<i64>, E> {
        match self {
            Self::NotAsked => Ok(None),
            Self::Known(hits) => Ok(Some(hits)),
            // The bound holds even where the backend counts on.
            Self::Count { at_most } => Ok(Some(count(at_most).await?.min(at_most))),
        }
    }
}
