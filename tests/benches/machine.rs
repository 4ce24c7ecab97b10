//! What the figures were measured on.

/// Processor, cores and memory, as far as the system says.
pub fn describe() -> String {
    let line = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default();
        line.split_once(':')
            .map_or("unknown", |(_, value)| value.trim())
            .to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores, {}",
        line("/proc/cpuinfo", "model name"),
        line("/proc/meminfo", "MemTotal")
    )
}
