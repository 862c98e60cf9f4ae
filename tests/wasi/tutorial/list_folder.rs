//! Lists the files of a folder with their sizes.
use std::{env, fs, io, process};

fn list(folder: &str) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        if found.is_file() {
            lines.push(format!("{}: {} bytes", entry.file_name().to_string_lossy(), found.len()));
        }
    }
    lines.sort();
    Ok(lines)
}

fn main() {
    let folder = env::args().nth(1).unwrap_or_else(|| ".".into());
    match list(&folder) {
        Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
        Err(error) => {
            eprintln!("{folder}: {error}");
            process::exit(1);
        }
    }
}
