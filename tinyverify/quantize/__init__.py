"""Post-training quantization: calibration, scales, fixed-point multipliers, tables. numpy only."""
