/* Every float and every zero point through the float arithmetic of quantize_f32, for Eva. Nothing here is linked. */
#include "../src/tv_quantize_f32.c"

static volatile float tv_any_float;
static volatile int32_t tv_any_word;

int main(void)
{
    const float value = tv_any_float;
    const int32_t zero_point = tv_any_word;

    if (zero_point < -128 || zero_point > 127) {
        return 0;
    }
    /*@ split zero_point; */
    (void)tv_magnitude(value);
    (void)tv_code(value, zero_point);
    return 0;
}
