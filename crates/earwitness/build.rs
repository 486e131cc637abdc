//! Sets the run path, so that the program finds the shared speech library it was linked with, or one that
//! lies beside it in `lib/`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(native) = std::env::var_os("DEP_EARWITNESS_ENGINE_NATIVE") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN/lib:{}", native.display());
    }
}
