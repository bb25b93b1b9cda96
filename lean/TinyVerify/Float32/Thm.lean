import TinyVerify.Float32.Spec
import TinyVerify.Basic.Products
import TinyVerify.DenseS8.Thm
import TinyVerify.Dequantize.Thm
/-!
# The error of float32 sums

Main results: `FloatSum.error` (Higham's bound: any order, fused or not, subnormal numbers flushed or not),
`FloatRow.error`, and `quantizeF32_error` (a code is within half a code of the real one, and a float32 rounding).
-/
namespace TinyVerify

namespace FloatSum

/-- Number of summands. -/
def count : FloatSum → Nat
  | value _ => 1
  | product _ _ _ => 1
  | add l r _ => l.count + r.count
  | fused _ _ acc _ => acc.count + 1

theorem count_pos (t : FloatSum) : 1 ≤ t.count := by
  induction t with
  | value _ => exact Nat.le.refl
  | product _ _ _ => exact Nat.le.refl
  | add l r _ h1 _ => unfold count; omega
  | fused _ _ acc _ _ => unfold count; omega

end FloatSum

/-- One more rounding: `f = 2^24 - n` for at most `n` summands, `l` and `r` the errors of both sides, `p` that of the sum. -/
theorem rounding_step {f n kl kr al ar l r p tiny : Int} (hf : f + n = 16777216) (h0 : 0 ≤ f) (hn : 4 * n ≤ 16777216)
    (hkl : 1 ≤ kl) (hkr : 1 ≤ kr) (hk : kl + kr ≤ n) (hal : 0 ≤ al) (har : 0 ≤ ar) (ht : 0 ≤ tiny)
    (hl : f * l ≤ kl * al + (4 * kl - 2) * tiny) (hr : f * r ≤ kr * ar + (4 * kr - 2) * tiny)
    (hp : 16777216 * p ≤ al + ar + l + r + tiny) :
    f * (l + r + p) ≤ (kl + kr) * (al + ar) + (4 * (kl + kr) - 2) * tiny := by
  have h1 := Int.mul_le_mul_of_nonneg_left hp h0
  have h2 := Int.mul_le_mul_of_nonneg_right (show f + kl ≤ 16777216 * kr by omega) hal
  have h3 := Int.mul_le_mul_of_nonneg_right (show f + kr ≤ 16777216 * kl by omega) har
  have h4 := Int.mul_le_mul_of_nonneg_right (show f + (4 * kl + 4 * kr) ≤ 33554432 + 4 by omega) ht
  simp only [Int.mul_add, Int.add_mul, Int.sub_mul, Int.mul_assoc, Int.mul_left_comm f 16777216] at *
  omega

theorem absSum_nonneg (zs : List Int) : (0 : Int) ≤ (absSum zs : Int) := by omega

theorem near_error {exact z : Int} (h : Near exact z) :
    16777216 * ((f32One * z - exact).natAbs : Int) ≤ (exact.natAbs : Int) + f32Tiny := h

/-- Higham's bound: a float32 sum of at most `n` summands errs by at most `n / (2^24 - n)` of their absolute values, and
four times the tiniest error a summand. -/
theorem FloatSum.error (t : FloatSum) {n : Int} (ht : t.Rounded) (hn : 4 * n ≤ 16777216) (hc : (t.count : Int) ≤ n) :
    (16777216 - n) * ((f32One * t.result - sum t.terms).natAbs : Int) ≤
      t.count * (absSum t.terms : Int) + (4 * (t.count : Int) - 2) * f32Tiny := by
  have tiny0 : 0 ≤ f32Tiny := by decide
  induction t with
  | value z =>
    have e : f32One * (value z).result - sum (value z).terms = 0 := by
      show f32One * z - (f32One * z + 0) = 0
      omega
    rw [e]
    have e1 : ((value z).count : Int) = 1 := rfl
    rw [e1]
    have := absSum_nonneg (value z).terms
    have e2 : ((0 : Int).natAbs : Int) = 0 := rfl
    rw [e2]
    omega
  | product w x z =>
    have h := near_error ht
    have e : sum (product w x z).terms = w * x := by show w * x + 0 = w * x; omega
    have e1 : ((product w x z).count : Int) = 1 := rfl
    have e2 : absSum (product w x z).terms = (w * x).natAbs := by show (w * x).natAbs + 0 = _; omega
    have e3 : (product w x z).result = z := rfl
    rw [e, e1, e2, e3] at *
    generalize (f32One * z - w * x).natAbs = d at h ⊢
    have h1 := Int.mul_nonneg (a := n) (b := (d : Int)) (by omega) (by omega)
    rw [Int.sub_mul]
    omega
  | add l r z hl hr =>
    have hl := hl ht.1 (by have : (add l r z).count = l.count + r.count := rfl; omega)
    have hr := hr ht.2.1 (by have : (add l r z).count = l.count + r.count := rfl; omega)
    have hz := near_error ht.2.2
    have e1 : (add l r z).terms = append l.terms r.terms := rfl
    have e2 : (add l r z).count = l.count + r.count := rfl
    have e3 : (add l r z).result = z := rfl
    rw [e1, e3, sum_append, absSum_append]
    rw [e2] at hc ⊢
    have cl := l.count_pos
    have cr := r.count_pos
    have al := natAbs_sum_le l.terms
    have ar := natAbs_sum_le r.terms
    generalize hlr : f32One * l.result = zl at hl hz
    generalize hrr : f32One * r.result = zr at hr hz
    generalize f32One * z = zz at hz ⊢
    generalize sum l.terms = sl at *
    generalize sum r.terms = sr at *
    generalize absSum l.terms = bl at *
    generalize absSum r.terms = br at *
    have step := rounding_step (f := 16777216 - n) (n := n) (kl := l.count) (kr := r.count) (al := bl) (ar := br)
      (l := (zl - sl).natAbs) (r := (zr - sr).natAbs) (p := (zz - (zl + zr)).natAbs) (tiny := f32Tiny)
      (by omega) (by omega) hn (by omega) (by omega) (by omega) (by omega) (by omega) tiny0 hl hr (by omega)
    have mono := Int.mul_le_mul_of_nonneg_left (c := 16777216 - n)
      (show ((zz - (sl + sr)).natAbs : Int) ≤ ((zl - sl).natAbs : Int) + ((zr - sr).natAbs : Int) + ((zz - (zl + zr)).natAbs : Int) by omega)
      (by omega)
    have e5 : ((l.count + r.count : Nat) : Int) = (l.count : Int) + (r.count : Int) := by omega
    have e6 : ((bl + br : Nat) : Int) = (bl : Int) + (br : Int) := by omega
    rw [e5, e6]
    omega
  | fused w x acc z ha =>
    have ha := ha ht.1 (by have : (fused w x acc z).count = acc.count + 1 := rfl; omega)
    have hz := near_error ht.2
    have e1 : sum (fused w x acc z).terms = w * x + sum acc.terms := rfl
    have e4 : absSum (fused w x acc z).terms = (w * x).natAbs + absSum acc.terms := rfl
    have e2 : (fused w x acc z).count = acc.count + 1 := rfl
    have e3 : (fused w x acc z).result = z := rfl
    rw [e1, e3, e4]
    rw [e2] at hc ⊢
    have ca := acc.count_pos
    have aa := natAbs_sum_le acc.terms
    generalize f32One * acc.result = zl at ha hz
    generalize w * x = q at hz ⊢
    generalize f32One * z = zz at hz ⊢
    generalize sum acc.terms = sl at *
    generalize absSum acc.terms = bl at *
    have step := rounding_step (f := 16777216 - n) (n := n) (kl := acc.count) (kr := 1) (al := bl) (ar := q.natAbs)
      (l := (zl - sl).natAbs) (r := 0) (p := (zz - (q + zl)).natAbs) (tiny := f32Tiny)
      (by omega) (by omega) hn (by omega) (by omega) (by omega) (by omega) (by omega) tiny0 ha (by omega) (by omega)
    have mono := Int.mul_le_mul_of_nonneg_left (c := 16777216 - n)
      (show ((zz - (q + sl)).natAbs : Int) ≤ ((zl - sl).natAbs : Int) + 0 + ((zz - (q + zl)).natAbs : Int) by omega)
      (by omega)
    have e5 : ((acc.count + 1 : Nat) : Int) = (acc.count : Int) + 1 := by omega
    have e6 : ((q.natAbs + bl : Nat) : Int) = (bl : Int) + (q.natAbs : Int) := by omega
    rw [e5, e6]
    omega

theorem FloatSum.length_terms (t : FloatSum) : t.terms.length = t.count := by
  have app : ∀ xs ys : List Int, (append xs ys).length = xs.length + ys.length := by
    intro xs ys
    induction xs with
    | nil => exact (Nat.zero_add _).symm
    | cons x xs ih =>
      have e1 : (append (x :: xs) ys).length = (append xs ys).length + 1 := rfl
      have e2 : (x :: xs).length = xs.length + 1 := rfl
      omega
  induction t with
  | value _ => rfl
  | product _ _ _ => rfl
  | add l r _ h1 h2 =>
    show (append l.terms r.terms).length = l.count + r.count
    rw [app, h1, h2]
  | fused _ _ acc _ h => exact congrArg (· + 1) h

theorem Perm.length_eq {xs ys : List Int} (h : Perm xs ys) : xs.length = ys.length := by
  induction h with
  | nil => rfl
  | cons _ _ ih => exact congrArg (· + 1) ih
  | swap _ _ _ => rfl
  | trans _ _ h1 h2 => exact h1.trans h2

theorem length_products_le (w x : List Int) : (products w x).length ≤ w.length := by
  induction w generalizing x with
  | nil => exact Nat.le.refl
  | cons w ws ih =>
    cases x with
    | nil => exact Nat.zero_le _
    | cons x xs => exact Nat.succ_le_succ (ih xs)

/-- The exact value of a row, in units of `2^-298`. -/
def FloatRow.exact (r : FloatRow) (x : List Int) : Int := sum (r.terms x)

theorem FloatRow.error {r : FloatRow} {x : List Int} {y n : Int} (h : r.Computes x y) (hn : 4 * n ≤ 16777216)
    (hc : (r.weights.length : Int) + 1 ≤ n) :
    (16777216 - n) * ((f32One * y - r.exact x).natAbs : Int) ≤
      n * (absSum (r.terms x) : Int) + 4 * n * f32Tiny := by
  rcases h with ⟨t, hp, ht, hy⟩
  have hl := hp.length_eq
  have hw := length_products_le r.weights x
  have e : (r.terms x).length = (products r.weights x).length + 1 := rfl
  rw [t.length_terms] at hl
  have h1 := t.error ht hn (by omega)
  rw [sum_perm hp, absSum_perm hp, hy] at h1
  have h2 := Int.mul_le_mul_of_nonneg_right (show (t.count : Int) ≤ n by omega) (absSum_nonneg (r.terms x))
  have h3 := Int.mul_le_mul_of_nonneg_right (show 4 * (t.count : Int) - 2 ≤ 4 * n by omega) (show 0 ≤ f32Tiny by decide)
  exact Int.le_trans h1 (Int.add_le_add h2 h3)

/-! ### from observations to codes -/

theorem roundEven_zero (value : Nat) : roundEven value 0 = value := by
  have e : 2 ^ 0 = 1 := rfl
  have h1 := Nat.div_add_mod value 1
  have h2 := Nat.mod_lt value (show 0 < 1 by decide)
  unfold roundEven
  rw [e]
  simp only
  split
  · omega
  · split <;> omega

theorem pow_bitLength_le {value : Nat} (h : value ≠ 0) : 2 ^ (bitLength value - 1) ≤ value := by
  have e : bitLength value - 1 = value.log2 := by
    unfold bitLength
    rw [if_neg h]
    omega
  rw [e]
  exact Nat.log2_self_le h

set_option exponentiation.threshold 400

/-- The product of an observation and a scale, in units of `2^-298`, and the integer that it is rounded to. -/
theorem productToInt_close (sa ea sb eb : Nat) :
    16777216 * ((2 ^ 298 * productToInt sa ea sb eb : Nat) : Int) ≤
      16777217 * ((sa * sb * 2 ^ (ea + eb) : Nat) : Int) + ((2 ^ 172 + 2 ^ 321 : Nat) : Int) ∧
    16777215 * ((sa * sb * 2 ^ (ea + eb) : Nat) : Int) ≤
      16777216 * ((2 ^ 298 * productToInt sa ea sb eb : Nat) : Int) + ((2 ^ 172 + 2 ^ 321 : Nat) : Int) := by
  have h := productToInt_error sa ea sb eb
  simp only at h
  generalize hv : sa * sb = value at h ⊢
  generalize hn : productToInt sa ea sb eb = n at h ⊢
  generalize hd : max (bitLength value - 24) (149 - (ea + eb)) = drop at h
  generalize hk : roundEven value drop = kept at h
  generalize ea + eb = e at h hd ⊢
  rcases h with ⟨⟨a1, a2⟩, b, c⟩
  have e4 : (2 : Nat) ^ 321 = 8388608 * 2 ^ 298 := Nat.pow_add 2 23 298
  -- the first rounding, times 2^e
  have first : 16777216 * (2 ^ (e + drop) * kept) ≤ 16777217 * (value * 2 ^ e) + 2 ^ 172 ∧
      16777215 * (value * 2 ^ e) ≤ 16777216 * (2 ^ (e + drop) * kept) + 2 ^ 172 := by
    have m1 := Nat.mul_le_mul_right (2 ^ e) a1
    have m2 := Nat.mul_le_mul_right (2 ^ e) a2
    have p : 2 ^ (e + drop) = 2 ^ drop * 2 ^ e := by rw [Nat.add_comm, Nat.pow_add]
    have q1 : 2 * (2 ^ drop * kept) * 2 ^ e = 2 * (2 ^ (e + drop) * kept) := by rw [p]; ac_rfl
    have q2 : 2 * value * 2 ^ e = 2 * (value * 2 ^ e) := Nat.mul_assoc _ _ _
    rw [Nat.add_mul, q1, q2, ← p] at m1
    rw [Nat.add_mul, q1, q2, ← p] at m2
    by_cases hz : drop = 0
    · subst hz
      rw [roundEven_zero] at hk
      subst hk
      have e1 : 2 ^ (e + 0) * value = value * 2 ^ e := Nat.mul_comm _ _
      rw [e1]
      omega
    · by_cases hb : drop = 149 - e
      · have e1 : e + drop = 149 := by omega
        have e2 : (2 : Nat) ^ 172 = 8388608 * 2 ^ 149 := by decide
        rw [e1] at m1 m2 ⊢
        omega
      · have e1 : drop = bitLength value - 24 := by omega
        have hv0 : value ≠ 0 := by
          intro h0
          subst h0
          have e2 : bitLength 0 = 0 := rfl
          omega
        have l := pow_bitLength_le hv0
        have e2 : bitLength value - 1 = 23 + drop := by omega
        rw [e2, Nat.pow_add] at l
        have l2 := Nat.mul_le_mul_right (2 ^ e) l
        have e3 : (2 : Nat) ^ 23 = 8388608 := by decide
        rw [e3, Nat.mul_assoc, ← p] at l2
        omega
  -- the second
  have second : 2 * (2 ^ 298 * n) ≤ 2 * (2 ^ (e + drop) * kept) + 2 ^ 298 ∧
      2 * (2 ^ (e + drop) * kept) ≤ 2 * (2 ^ 298 * n) + 2 ^ 298 := by
    by_cases hx : 298 ≤ e + drop
    · have e1 : 2 ^ 298 * n = 2 ^ (e + drop) * kept := by
        rw [b hx, Nat.mul_comm kept, ← Nat.mul_assoc, ← Nat.pow_add]
        have e2 : 298 + (e + drop - 298) = e + drop := by omega
        rw [e2]
      rw [e1]
      exact ⟨Nat.le_add_right _ _, Nat.le_add_right _ _⟩
    · have h' := c (by omega)
      have m1 := Nat.mul_le_mul_left (2 ^ (e + drop)) h'.1
      have m2 := Nat.mul_le_mul_left (2 ^ (e + drop)) h'.2
      have e2 : 2 ^ (e + drop) * 2 ^ (298 - (e + drop)) = 2 ^ 298 := by
        rw [← Nat.pow_add]
        have e3 : e + drop + (298 - (e + drop)) = 298 := by omega
        rw [e3]
      have q1 : 2 ^ (e + drop) * (2 * (2 ^ (298 - (e + drop)) * n)) = 2 * (2 ^ 298 * n) := by rw [← e2]; ac_rfl
      have q2 : 2 ^ (e + drop) * (2 * kept) = 2 * (2 ^ (e + drop) * kept) := Nat.mul_left_comm _ _ _
      rw [Nat.mul_add, q1, q2, e2] at m1
      rw [Nat.mul_add, q1, q2, e2] at m2
      exact ⟨m1, m2⟩
  rw [e4]
  generalize 2 ^ 298 * n = u at second ⊢
  generalize (2 : Nat) ^ 298 = code at second ⊢
  omega

/-- A finite pattern. -/
def f32Finite (bits : Nat) : Prop := f32Exponent bits < 255

/-- A code is that of an integer within half a code, and a float32 rounding, of the real one `x * invScale`. -/
theorem quantizeF32_error {bits invScale : Nat} (hf : f32Finite bits) (hi : f32Negative invScale = false)
    (zeroPoint : Int) : ∃ n : Int,
      quantizeF32 bits invScale zeroPoint = clamp n (-128 - zeroPoint) (127 - zeroPoint) + zeroPoint ∧
      16777216 * (((2 ^ 298 : Nat) : Int) * n - f32Value bits * f32Value invScale).natAbs ≤
        (f32Value bits * f32Value invScale).natAbs + (2 ^ 172 + 2 ^ 321) := by
  have hn : f32IsNaN bits ≠ true := by
    intro h
    unfold f32IsNaN at h
    have h1 := Nat.eq_of_beq_eq_true (and_split h).1
    unfold f32Finite at hf
    omega
  have hinf : f32IsInfinite bits ≠ true := by
    intro h
    unfold f32IsInfinite at h
    have h1 := Nat.eq_of_beq_eq_true (and_split h).1
    unfold f32Finite at hf
    omega
  have close := productToInt_close (f32Significand bits) (f32Scale bits) (f32Significand invScale) (f32Scale invScale)
  have ev : f32Value invScale = ((f32Significand invScale * 2 ^ f32Scale invScale : Nat) : Int) := by
    unfold f32Value
    rw [hi]
    rfl
  have eu : (f32Significand bits * 2 ^ f32Scale bits) * (f32Significand invScale * 2 ^ f32Scale invScale) =
      f32Significand bits * f32Significand invScale * 2 ^ (f32Scale bits + f32Scale invScale) := by
    rw [Nat.pow_add]
    ac_rfl
  rw [← eu] at close
  unfold quantizeF32
  rw [if_neg hn, if_neg hinf]
  simp only
  generalize productToInt (f32Significand bits) (f32Scale bits) (f32Significand invScale) (f32Scale invScale) = m at *
  rw [ev]
  unfold f32Value
  generalize f32Significand bits * 2 ^ f32Scale bits = a at *
  generalize f32Significand invScale * 2 ^ f32Scale invScale = b at *
  have c1 : ((a * b : Nat) : Int) = (a : Int) * (b : Int) := Int.natCast_mul a b
  have c2 : ((2 ^ 298 * m : Nat) : Int) = ((2 ^ 298 : Nat) : Int) * (m : Int) := Int.natCast_mul _ m
  rw [c1, c2] at close
  have e4 : (2 : Nat) ^ 321 = 8388608 * 2 ^ 298 := Nat.pow_add 2 23 298
  rw [e4] at close ⊢
  have pos := Int.mul_nonneg (a := (a : Int)) (b := (b : Int)) (by omega) (by omega)
  refine ⟨if f32Negative bits = true then -(m : Int) else m, rfl, ?_⟩
  split
  · rw [Int.neg_mul, Int.mul_neg]
    generalize (2 : Nat) ^ 298 = code at close ⊢
    generalize (code : Int) * (m : Int) = u at close ⊢
    omega
  · generalize (2 : Nat) ^ 298 = code at close ⊢
    generalize (code : Int) * (m : Int) = u at close ⊢
    omega

end TinyVerify
