//! picketctl
fn main(){}
