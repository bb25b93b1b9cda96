# Cortex-M55 with the GNU Arm toolchain (Debian: apt-get install gcc-arm-none-eabi).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m55)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TV_USE_MVE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# GCC 12's first scheduler hoists loads until the vector registers spill.
if(NOT DEFINED TV_USE_MVE OR TV_USE_MVE)
  set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m55 -mthumb -mfloat-abi=hard -fno-schedule-insns")
else()
  set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m55+nomve -mthumb -mfloat-abi=hard -fno-schedule-insns")
endif()
