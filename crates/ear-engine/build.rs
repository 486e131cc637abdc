//! Hands on where the shared speech library lies, and sets the run path of this crate's own tests.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(native) = std::env::var_os("DEP_EARWITNESS_SPEECH_NATIVE") {
        println!("cargo:native={}", native.display());
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", native.display());
    }
}
