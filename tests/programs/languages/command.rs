//! Shows what it is given, reads and writes files, and ends with the number of its arguments.
use std::io::Read;
use std::{env, fs, io, process};

fn list(path: &str) -> io::Result<()> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        lines.push(format!("{}: {} bytes", entry.file_name().to_string_lossy(), entry.metadata()?.len()));
    }
    lines.sort();
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    for argument in &arguments {
        println!("argument: {argument}");
    }
    println!("greeting: {}", env::var("GREETING").unwrap_or_else(|_| "none".into()));
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input).unwrap();
    println!("input: {} bytes", input.len());
    println!("file: {}", fs::read_to_string("input.txt").unwrap_or_else(|_| "none".into()));
    let _ = list("folder");
    let _ = fs::write("output.txt", "written by the program");
    eprintln!("done");
    process::exit(arguments.len() as i32);
}
