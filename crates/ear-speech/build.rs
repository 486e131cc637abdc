//! Finds the shared library of CTranslate2, or says how to get it, before a linker can fail over it.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=EARWITNESS_NATIVE");
    let shared = env::var_os("CARGO_FEATURE_SHARED_RECOGNISER").is_some();
    let from_source = env::var_os("CARGO_FEATURE_SOURCE_RECOGNISER").is_some();
    if !shared || from_source {
        return;
    }
    let library = native_folder();
    println!("cargo:rerun-if-changed={}", library.join("libctranslate2.so").display());
    assert!(
        library.join("libctranslate2.so").exists(),
        "\n\n  The speech library CTranslate2 is not in {}.\n  Run `./run setup` once: it fetches the library through pip and checks it.\n  \
         Without pip, build it from source: cargo build --release --no-default-features --features source-recogniser\n",
        library.display()
    );
    println!("cargo:rustc-link-search=native={}", library.display());
    // Programs that link this crate read it as DEP_EARWITNESS_SPEECH_NATIVE and set their run path from it.
    println!("cargo:native={}", library.display());
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", library.display());
}

fn native_folder() -> PathBuf {
    env::var_os("EARWITNESS_NATIVE").map_or_else(
        || PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../native/lib"),
        PathBuf::from,
    )
}
