/* Bodies of the lemma functions in tv_contracts.h: ghost code, each loop an induction. Nothing here is compiled. */
#include "tv_contracts.h"

/*@ lemma tv_scaled_order: \forall integer a, b, d; a <= b && 0 < d ==> a * d <= b * d;
    lemma tv_quotient: \forall integer v, d, q; 0 < d && q * d <= v < q * d + d && 0 <= v ==> v / d == q;
    lemma tv_quotient_bounds: \forall integer v, d; 0 <= v && 0 < d ==> 0 <= v / d <= v;
    lemma tv_halved_below: \forall integer v, d, q; 0 < d && 0 <= q && q * d <= v ==> (q / 2) * (2 * d) <= v;
    lemma tv_halved_above:
        \forall integer v, d, q; 0 < d && 0 <= q && v < q * d + d ==> v < (q / 2) * (2 * d) + 2 * d; */

/*@ ghost
/@ requires 0 <= q && 1 <= d;
   requires q * d <= v < q * d + d;
   assigns \nothing;
   ensures v / d == q; @/
void tv_lemma_quotient(int64_t v, int64_t q, int64_t d)
{
}

/@ requires 0 <= v && 1 <= d;
   assigns \nothing;
   ensures (v / d) * d <= v < (v / d) * d + d; @/
void tv_lemma_division(int64_t v, int64_t d)
{
}

void tv_lemma_floor(int64_t v, int64_t q, int64_t d)
{
  if (v >= 0) {
    tv_lemma_division(v, d);
  } else {
    tv_lemma_division(-1 - v, d);
    /@ assert q * d == -d - ((-1 - v) / d) * d; @/
  }
}

void tv_lemma_nearest(int64_t v, int64_t q, int64_t d)
{
  int64_t half = d / 2;

  tv_lemma_floor(v, q, d);
  /@ assert d >= 2 && q >= 0x40000000 ==> 2 * q <= q * d; @/
  /@ assert d >= 2 && q <= -0x40000001 ==> q * d + d <= 2 * q + 2; @/
  /@ assert -0x100000000 <= q * d <= 0x7fffffff; @/
  /@ assert (-q) * d == -(q * d) && (-q - 1) * d == -(q * d) - d && (q + 1) * d == q * d + d; @/
  if (v >= 0) {
    if (v - q * d > (d - 1) / 2) {
      tv_lemma_quotient(v + half, q + 1, d);
    } else {
      tv_lemma_quotient(v + half, q, d);
    }
  } else {
    if (v - q * d > (d - 1) / 2 + 1) {
      tv_lemma_quotient(-v + half, -q - 1, d);
    } else {
      tv_lemma_quotient(-v + half, -q, d);
    }
  }
}

void tv_lemma_power(int32_t k)
{
  /@ loop invariant 0 <= i <= k;
     loop invariant (1 << i) == tv_power(i);
     loop invariant 1 <= tv_power(i);
     loop invariant i >= 1 ==> tv_power(i) == 2 * tv_power(i - 1);
     loop invariant i >= 31 ==> tv_power(i) >= 0x80000000;
     loop invariant i <= 31 ==> tv_power(i) <= 0x80000000;
     loop assigns i;
     loop variant k - i; @/
  for (int32_t i = 0; i < k; i++) {
    /@ assert (1 << (i + 1)) == ((1 << i) << 1); @/
    /@ assert tv_power(i + 1) == 2 * tv_power(i); @/
  }
}

/@ requires 0 <= q && 1 <= d;
   requires q * d <= v < q * d + d;
   assigns \nothing;
   ensures (q / 2) * (2 * d) <= v < (q / 2) * (2 * d) + 2 * d; @/
void tv_lemma_halved(int64_t v, int64_t q, int64_t d)
{
}

void tv_lemma_shift(int64_t v, int32_t k)
{
  int64_t d = 1;
  int64_t q = v;

  /@ loop invariant 0 <= i <= k;
     loop invariant d == tv_power(i) && 1 <= d <= 0x4000000000000000;
     loop invariant i <= 31 ==> d <= 0x80000000;
     loop invariant i <= 61 ==> d <= 0x2000000000000000;
     loop invariant q == (v >> i) && 0 <= q <= v;
     loop invariant q * d <= v;
     loop invariant v < q * d + d;
     loop assigns i, q, d;
     loop variant k - i; @/
  for (int32_t i = 0; i < k; i++) {
    /@ assert (v >> (i + 1)) == ((v >> i) >> 1); @/
    /@ assert tv_power(i + 1) == 2 * tv_power(i); @/
    tv_lemma_halved(v, q, d);
    d = 2 * d;
    q = q / 2;
  }
  tv_lemma_quotient(v, q, d);
}

void tv_lemma_zero(int32_t multiplier, int32_t shift, tv_rounding rounding)
{
  tv_lemma_power(shift);
  tv_lemma_power(30 + shift);
  tv_lemma_power(31 + shift);
}

void tv_lemma_index(int32_t j, int32_t n_out, int32_t out_stride, int32_t i, int32_t n_in, int32_t in_stride)
{
}

void tv_lemma_product(int32_t a, int32_t b)
{
}

void tv_lemma_share(int64_t w, int64_t sum)
{
  int64_t v = w * 32768 + sum / 2;

  tv_lemma_division(v, sum);
  /@ assert v < 32769 * sum; @/
}
*/
