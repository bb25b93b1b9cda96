@ void run_one(const uint32_t *state, uint32_t *out, uint32_t code): all registers but sp and lr, the flags and P0 from
@ `state`, then the instruction at `code`, which is followed by a branch to run_one_end; then all of them to `out`.
    .syntax unified
    .thumb
    .text
    .global run_one
    .global run_one_end
    .thumb_func
run_one:
    push {r4-r11, lr}
    vpush {d8-d15}
    movw r3, #:lower16:current_output
    movt r3, #:upper16:current_output
    str r1, [r3]
    orr r2, r2, #1
    sub sp, #4
    push {r2}
    mov lr, r0
    vldmia lr!, {d0-d15}
    ldr r0, [lr, #52]
    msr apsr_nzcvq, r0
    ldr r0, [lr, #56]
    vmsr p0, r0
    ldm lr, {r0-r12}
    pop {pc}
    .thumb_func
run_one_end:
    movw lr, #:lower16:current_output
    movt lr, #:upper16:current_output
    ldr lr, [lr]
    add.w lr, lr, #128
    stm lr, {r0-r12}
    mrs r0, apsr
    str r0, [lr, #52]
    vmrs r0, p0
    str r0, [lr, #56]
    sub.w lr, lr, #128
    vstmia lr, {d0-d15}
    add sp, #4
    vpop {d8-d15}
    pop {r4-r11, pc}
