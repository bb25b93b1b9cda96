# Cortex-M55 with the Clang of PyPI's ziglang (pip install ziglang).
# Where several Pythons are installed: -DTV_PYTHON=/path/to/the/one/that/has/ziglang
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m55)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TV_PYTHON TV_USE_MVE)
find_program(TV_PYTHON NAMES python3 python REQUIRED)
set(CMAKE_C_COMPILER ${TV_PYTHON} -m ziglang cc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
if(NOT DEFINED TV_USE_MVE OR TV_USE_MVE)
  set(CMAKE_C_FLAGS_INIT "-target thumb-freestanding-eabihf -mcpu=cortex_m55+mve+mve_fp -fno-sanitize=all -fno-stack-protector")
else()
  set(CMAKE_C_FLAGS_INIT "-target thumb-freestanding-eabihf -mcpu=cortex_m55+fp_armv8d16sp -fno-sanitize=all -fno-stack-protector")
endif()
