// Found by compilers of C++ only where libtorch's own header of this name is not (.cargo/config.toml).
#error "there is no libtorch here: run `cargo xtask setup` first, or see to LIBTORCH"
