import TinyVerify.Certified.Thm
import TinyVerify.Basic.Land
/-!
# Many integers in one number

`lanes b f us` holds `f u` for every `u` of a list, as a digit of base `b`. Sums and multiples of lanes are lanes. With
`b = 2 half`, a lane `f u + half` shows the sign of `f u` in its top bit; one `land` reads them all. A product of lanes
and reversed lanes has the sum of the products as its middle digit.
Main results: `topBits_eq`, `positives_eq`, `select_eq`, `dot_eq`.
-/
namespace TinyVerify

/-! ### bitwise and in powers of two -/

theorem LandSplit.mul {a b : Nat} (ha : LandSplit a) (hb : LandSplit b) (hpos : 0 < a) : LandSplit (a * b) := by
  intro x y
  have d : ∀ z, z / (a * b) = z / a / b := fun z => (Nat.div_div_eq_div_mul z a b).symm
  have m : ∀ z, z % (a * b) / a = z / a % b ∧ z % (a * b) % a = z % a := by
    intro z
    have e1 : z % (a * b) = z % a + a * (z / a % b) := by
      have d1 := Nat.div_add_mod z a
      have d2 := Nat.div_add_mod (z / a) b
      have d3 := Nat.div_add_mod z (a * b)
      rw [d z, Nat.mul_assoc] at d3
      have d4 : a * (z / a) = a * (b * (z / a / b)) + a * (z / a % b) := by rw [← Nat.mul_add, d2]
      omega
    have l := Nat.mod_lt z hpos
    rw [e1]
    refine ⟨?_, ?_⟩
    · rw [Nat.add_mul_div_left _ _ hpos, Nat.div_eq_of_lt l, Nat.zero_add]
    · rw [Nat.add_mul_mod_self_left, Nat.mod_eq_of_lt l]
  rw [ha x y, hb (x / a) (y / a), ha (x % (a * b)) (y % (a * b)), d, d, (m x).1, (m y).1, (m x).2, (m y).2, Nat.mul_add,
    Nat.mul_assoc, Nat.add_assoc]

theorem landSplit_pow (k : Nat) : LandSplit (2 ^ k) := by
  induction k with
  | zero =>
    intro x y
    have e : 2 ^ 0 = 1 := rfl
    have z : Nat.land 0 0 = 0 := rfl
    rw [e, Nat.div_one, Nat.div_one, Nat.mod_one, Nat.mod_one, z, Nat.one_mul]
    rfl
  | succ k ih => exact ih.mul land_bit (Nat.pow_pos (by decide))

theorem land_mask (k : Nat) : ∀ c, c < 2 ^ k → Nat.land c (2 ^ k - 1) = c := by
  induction k with
  | zero =>
    intro c hc
    have e : 2 ^ 0 = 1 := rfl
    have h : c = 0 := by omega
    subst h
    rfl
  | succ k ih =>
    intro c hc
    have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
    have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
    have h := land_bit c (2 ^ (k + 1) - 1)
    have e1 : (2 ^ (k + 1) - 1) / 2 = 2 ^ k - 1 := by omega
    have e2 : (2 ^ (k + 1) - 1) % 2 = 1 := by omega
    have i := ih (c / 2) (by omega)
    rw [h, e1, e2, i]
    have hc2 : c % 2 = 0 ∨ c % 2 = 1 := by omega
    have l0 : Nat.land 0 1 = 0 := rfl
    have l1 : Nat.land 1 1 = 1 := rfl
    rcases hc2 with h2 | h2
    · rw [h2, l0]; omega
    · rw [h2, l1]; omega

theorem land_none (a : Nat) : Nat.land a 0 = 0 := by
  have h : ∀ k a, a < 2 ^ k → Nat.land a 0 = 0 := by
    intro k
    induction k with
    | zero =>
      intro a ha
      have e : 2 ^ 0 = 1 := rfl
      have h : a = 0 := by omega
      subst h
      rfl
    | succ k ih =>
      intro a ha
      have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
      have h := land_bit a 0
      have e1 : 0 / 2 = 0 := rfl
      have e2 : 0 % 2 = 0 := rfl
      have i := ih (a / 2) (by omega)
      rw [h, e1, e2, i]
      have hc2 : a % 2 = 0 ∨ a % 2 = 1 := by omega
      have l0 : Nat.land 0 0 = 0 := rfl
      have l1 : Nat.land 1 0 = 0 := rfl
      rcases hc2 with h2 | h2
      · rw [h2, l0]
      · rw [h2, l1]
  exact h a a Nat.lt_two_pow_self

/-- The top bit of a digit. -/
theorem land_top {k a : Nat} (h : a < 2 * 2 ^ k) : Nat.land a (2 ^ k) = if 2 ^ k ≤ a then 2 ^ k else 0 := by
  have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
  have s := landSplit_pow k a (2 ^ k)
  rw [Nat.div_self p, Nat.mod_self, land_none] at s
  by_cases hle : 2 ^ k ≤ a
  · have e : a / 2 ^ k = 1 := by
      apply Nat.div_eq_of_lt_le
      · omega
      · omega
    have l1 : Nat.land 1 1 = 1 := rfl
    rw [s, e, l1, if_pos hle]
    omega
  · have e : a / 2 ^ k = 0 := Nat.div_eq_of_lt (by omega)
    have l1 : Nat.land 0 1 = 0 := rfl
    rw [s, e, l1, if_neg hle]
    rfl

/-- The digits below the top bit. -/
theorem land_below {k c : Nat} (h : c < 2 ^ k) : Nat.land (c + 2 ^ k) (2 ^ k - 1) = c := by
  have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
  have s := landSplit_pow k (c + 2 ^ k) (2 ^ k - 1)
  have e1 : (2 ^ k - 1) / 2 ^ k = 0 := Nat.div_eq_of_lt (by omega)
  have e2 : (2 ^ k - 1) % 2 ^ k = 2 ^ k - 1 := Nat.mod_eq_of_lt (by omega)
  have e3 : (c + 2 ^ k) % 2 ^ k = c := by rw [Nat.add_mod_right, Nat.mod_eq_of_lt h]
  rw [e1, e2, e3, land_none, land_mask k c h] at s
  omega

/-! ### lanes -/

section
variable {α : Type}

def lanes (b : Int) (f : α → Int) : List α → Int
  | [] => 0
  | u :: us => f u + b * lanes b f us

theorem lanes_add (b : Int) (f g : α → Int) (us : List α) :
    lanes b (fun u => f u + g u) us = lanes b f us + lanes b g us := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    show f u + g u + b * lanes b (fun u => f u + g u) us = f u + b * lanes b f us + (g u + b * lanes b g us)
    rw [ih, Int.mul_add]
    omega

theorem lanes_mul (b k : Int) (f : α → Int) (us : List α) : lanes b (fun u => k * f u) us = k * lanes b f us := by
  induction us with
  | nil => exact (Int.mul_zero k).symm
  | cons u us ih =>
    show k * f u + b * lanes b (fun u => k * f u) us = k * (f u + b * lanes b f us)
    rw [ih, Int.mul_add, Int.mul_left_comm b]

theorem lanes_sub (b : Int) (f g : α → Int) (us : List α) :
    lanes b (fun u => f u - g u) us = lanes b f us - lanes b g us := by
  have h := lanes_add b (fun u => f u - g u) g us
  have e : (fun u => f u - g u + g u) = f := funext fun u => by omega
  rw [e] at h
  omega

theorem lanes_congr {b : Int} {f g : α → Int} {us : List α} (h : ∀ u ∈ us, f u = g u) : lanes b f us = lanes b g us := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    show f u + b * lanes b f us = g u + b * lanes b g us
    rw [h u (.head _), ih (fun v hv => h v (.tail _ hv))]

theorem lanes_nonneg {b : Int} (hb : 0 ≤ b) {f : α → Int} {us : List α} (h : ∀ u ∈ us, 0 ≤ f u) : 0 ≤ lanes b f us := by
  induction us with
  | nil => exact Int.le_refl 0
  | cons u us ih =>
    have h1 := h u (.head _)
    have h2 := Int.mul_nonneg hb (ih (fun v hv => h v (.tail _ hv)))
    show 0 ≤ f u + b * lanes b f us
    omega

theorem lanes_sumTo (b : Int) (f : α → Nat → Int) (us : List α) (d : Nat) :
    lanes b (fun u => sumTo (f u) d) us = sumTo (fun i => lanes b (fun u => f u i) us) d := by
  induction d with
  | zero =>
    induction us with
    | nil => rfl
    | cons u us ih =>
      show 0 + b * lanes b (fun u => sumTo (f u) 0) us = 0
      rw [ih]
      show 0 + b * 0 = 0
      omega
  | succ d ih =>
    have e : lanes b (fun u => sumTo (f u) (d + 1)) us = lanes b (fun u => sumTo (f u) d + f u d) us := rfl
    rw [e, lanes_add, ih]
    rfl

/-! ### signs -/

/-- The top bits of all lanes, as lanes of 0 and 1. -/
def topBits (half halves a : Nat) : Nat := Nat.land a halves / half

/-- Where `s` is 1, the lane without its top bit. -/
def select (half s a : Nat) : Nat := Nat.land a (s * (half - 1))

/-- One lane after the others. -/
theorem lanes_split {b f0 rest : Int} {a : Nat} (ha : (a : Int) = f0 + b * rest) (h0 : 0 ≤ f0) (h1 : f0 < b) (hr : 0 ≤ rest) :
    ∃ a0 a1 : Nat, (a0 : Int) = f0 ∧ (a1 : Int) = rest ∧ a / b.toNat = a1 ∧ a % b.toNat = a0 := by
  refine ⟨f0.toNat, rest.toNat, Int.toNat_of_nonneg h0, Int.toNat_of_nonneg hr, ?_⟩
  have hb : ((b.toNat : Nat) : Int) = b := Int.toNat_of_nonneg (by omega)
  have e1 : ((f0.toNat : Nat) : Int) = f0 := Int.toNat_of_nonneg h0
  have e2 : ((rest.toNat : Nat) : Int) = rest := Int.toNat_of_nonneg hr
  have e : a = f0.toNat + b.toNat * rest.toNat := by
    apply Int.ofNat.inj
    show (a : Int) = ((f0.toNat + b.toNat * rest.toNat : Nat) : Int)
    rw [Int.natCast_add, Int.natCast_mul, e1, e2, hb, ha]
  have lt : f0.toNat < b.toNat := by omega
  have pos : 0 < b.toNat := by omega
  rw [e]
  refine ⟨?_, ?_⟩
  · rw [Nat.add_mul_div_left _ _ pos, Nat.div_eq_of_lt lt, Nat.zero_add]
  · rw [Nat.add_mul_mod_self_left, Nat.mod_eq_of_lt lt]

theorem base_eq (k : Nat) : ((2 ^ (k + 1) : Nat) : Int).toNat = 2 ^ (k + 1) := rfl

theorem land_lanes {k : Nat} {f : α → Int} {us : List α} (hf : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f u ∧ f u < ((2 ^ k : Nat) : Int))
    {a halves : Nat} (ha : (a : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u + ((2 ^ k : Nat) : Int)) us)
    (hh : (halves : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun _ => ((2 ^ k : Nat) : Int)) us) :
    ∃ s : Nat, Nat.land a halves = 2 ^ k * s ∧
      (s : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => if 0 ≤ f u then 1 else 0) us := by
  induction us generalizing a halves with
  | nil =>
    have e1 : a = 0 := by have : (a : Int) = 0 := ha; omega
    have e2 : halves = 0 := by have : (halves : Int) = 0 := hh; omega
    exact ⟨0, by rw [e1, e2]; rfl, rfl⟩
  | cons u us ih =>
    have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
    have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
    have hu := hf u (.head _)
    have hus : ∀ v ∈ us, -((2 ^ k : Nat) : Int) ≤ f v ∧ f v < ((2 ^ k : Nat) : Int) := fun v hv => hf v (.tail _ hv)
    rcases lanes_split (f0 := f u + ((2 ^ k : Nat) : Int)) ha (by omega) (by omega)
      (lanes_nonneg (by omega) (fun v hv => by have := hus v hv; omega)) with ⟨a0, a1, h0, h1, hd, hm⟩
    rcases lanes_split (f0 := ((2 ^ k : Nat) : Int)) hh (by omega) (by omega) (lanes_nonneg (by omega) (fun v hv => by omega)) with
      ⟨b0, b1, g0, g1, gd, gm⟩
    rw [base_eq] at hd hm gd gm
    rcases ih hus h1 g1 with ⟨s, hs, hl⟩
    have split := landSplit_pow (k + 1) a halves
    rw [hd, hm, gd, gm, hs] at split
    have eb : b0 = 2 ^ k := by omega
    rw [eb, land_top (by omega)] at split
    have lanesEq : lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => if 0 ≤ f u then (1 : Int) else 0) (u :: us) =
      (if 0 ≤ f u then (1 : Int) else 0) + ((2 ^ (k + 1) : Nat) : Int) * lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => if 0 ≤ f u then (1 : Int) else 0) us := rfl
    rw [← hl] at lanesEq
    by_cases hpos : 0 ≤ f u
    · rw [if_pos (by omega)] at split
      rw [if_pos hpos] at lanesEq
      refine ⟨1 + 2 ^ (k + 1) * s, ?_, ?_⟩
      · rw [split, Nat.mul_add, Nat.mul_left_comm]
        omega
      · rw [lanesEq, Int.natCast_add, Int.natCast_mul]
        rfl
    · rw [if_neg (by omega)] at split
      rw [if_neg hpos] at lanesEq
      refine ⟨2 ^ (k + 1) * s, ?_, ?_⟩
      · rw [split, Nat.mul_left_comm]
        omega
      · rw [lanesEq, Int.natCast_mul]
        omega

theorem topBits_eq {k : Nat} {f : α → Int} {us : List α} (hf : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f u ∧ f u < ((2 ^ k : Nat) : Int))
    {a halves : Nat} (ha : (a : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u + ((2 ^ k : Nat) : Int)) us)
    (hh : (halves : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun _ => ((2 ^ k : Nat) : Int)) us) :
    ((topBits (2 ^ k) halves a : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => if 0 ≤ f u then 1 else 0) us := by
  rcases land_lanes hf ha hh with ⟨s, hs, hl⟩
  unfold topBits
  rw [hs, Nat.mul_div_cancel_left _ (Nat.pow_pos (by decide)), hl]

theorem select_eq {k : Nat} {f c : α → Int} {us : List α}
    (hf : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f u ∧ f u < ((2 ^ k : Nat) : Int))
    (hc : ∀ u ∈ us, c u = 0 ∨ (c u = 1 ∧ 0 ≤ f u))
    {a s : Nat} (ha : (a : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u + ((2 ^ k : Nat) : Int)) us)
    (hs : (s : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) c us) :
    ((select (2 ^ k) s a : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => c u * f u) us := by
  induction us generalizing a s with
  | nil =>
    have e1 : a = 0 := by have : (a : Int) = 0 := ha; omega
    have e2 : s = 0 := by have : (s : Int) = 0 := hs; omega
    rw [e1, e2]
    unfold select
    rw [Nat.zero_mul]
    rfl
  | cons u us ih =>
    have p : 0 < 2 ^ k := Nat.pow_pos (by decide)
    have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
    have hu := hf u (.head _)
    have hcu := hc u (.head _)
    have hus : ∀ v ∈ us, -((2 ^ k : Nat) : Int) ≤ f v ∧ f v < ((2 ^ k : Nat) : Int) := fun v hv => hf v (.tail _ hv)
    have hcs : ∀ v ∈ us, c v = 0 ∨ (c v = 1 ∧ 0 ≤ f v) := fun v hv => hc v (.tail _ hv)
    rcases lanes_split (f0 := f u + ((2 ^ k : Nat) : Int)) ha (by omega) (by omega)
      (lanes_nonneg (by omega) (fun v hv => by have := hus v hv; omega)) with ⟨a0, a1, h0, h1, hd, hm⟩
    rcases lanes_split (f0 := c u) hs (by omega) (by omega) (lanes_nonneg (by omega) (fun v hv => by have := hcs v hv; omega)) with
      ⟨s0, s1, g0, g1, gd, gm⟩
    rw [base_eq] at hd hm gd gm
    have i := ih hus hcs h1 g1
    unfold select at i ⊢
    have split := landSplit_pow (k + 1) a (s * (2 ^ k - 1))
    have es := Nat.div_add_mod s (2 ^ (k + 1))
    rw [gd, gm] at es
    have s01 : s0 = 0 ∨ s0 = 1 := by omega
    have small : s0 * (2 ^ k - 1) < 2 ^ (k + 1) := by rcases s01 with h | h <;> rw [h] <;> omega
    have em : s * (2 ^ k - 1) = s0 * (2 ^ k - 1) + 2 ^ (k + 1) * (s1 * (2 ^ k - 1)) := by
      rw [← es, Nat.add_mul, Nat.mul_assoc, Nat.add_comm]
    have md : s * (2 ^ k - 1) / 2 ^ (k + 1) = s1 * (2 ^ k - 1) := by
      rw [em, Nat.add_mul_div_left _ _ (Nat.pow_pos (by decide)), Nat.div_eq_of_lt small, Nat.zero_add]
    have mm : s * (2 ^ k - 1) % 2 ^ (k + 1) = s0 * (2 ^ k - 1) := by
      rw [em, Nat.add_mul_mod_self_left, Nat.mod_eq_of_lt small]
    rw [hd, hm, md, mm] at split
    have lanesEq : lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => c u * f u) (u :: us) =
      c u * f u + ((2 ^ (k + 1) : Nat) : Int) * lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => c u * f u) us := rfl
    rw [split, lanesEq, ← i, Int.natCast_add, Int.natCast_mul]
    rcases s01 with hs0 | hs0
    · have hc0 : c u = 0 := by omega
      rw [hs0, Nat.zero_mul, land_none, hc0, Int.zero_mul]
      omega
    · have hc1 : c u = 1 ∧ 0 ≤ f u := by omega
      have ea : a0 = (f u).toNat + 2 ^ k := by omega
      rw [hs0, Nat.one_mul, ea, land_below (by omega), hc1.1, Int.one_mul]
      have : ((f u).toNat : Int) = f u := Int.toNat_of_nonneg hc1.2
      omega

/-! ### sums of products -/

/-- `b ^ us.length` -/
def width (b : Int) : List α → Int
  | [] => 1
  | _ :: us => b * width b us

/-- Lanes, the last one lowest. -/
def reversed (b : Int) (f : α → Int) : List α → Int
  | [] => 0
  | u :: us => f u * width b us + reversed b f us

/-- As the kernel computes it. -/
def reversedFrom (b : Int) (f : α → Int) (acc : Int) : List α → Int
  | [] => acc
  | u :: us => reversedFrom b f (acc * b + f u) us

theorem reversedFrom_eq (b : Int) (f : α → Int) (acc : Int) (us : List α) :
    reversedFrom b f acc us = acc * width b us + reversed b f us := by
  induction us generalizing acc with
  | nil => show acc = acc * 1 + 0; omega
  | cons u us ih =>
    show reversedFrom b f (acc * b + f u) us = acc * (b * width b us) + (f u * width b us + reversed b f us)
    rw [ih, Int.add_mul, Int.mul_assoc]
    omega

theorem width_pos {b : Int} (hb : 1 ≤ b) (us : List α) : 1 ≤ width b us := by
  induction us with
  | nil => exact Int.le_refl 1
  | cons u us ih =>
    have h := Int.mul_pos (a := b) (b := width b us) (by omega) (by omega)
    show 1 ≤ b * width b us
    omega

theorem width_eq (k : Nat) (us : List α) : width ((2 ^ k : Nat) : Int) us = ((2 ^ (k * us.length) : Nat) : Int) := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    have e : (u :: us).length = us.length + 1 := rfl
    show ((2 ^ k : Nat) : Int) * width ((2 ^ k : Nat) : Int) us = _
    rw [ih, ← Int.natCast_mul, ← Nat.pow_add, e, Nat.mul_add, Nat.mul_one, Nat.add_comm]

theorem reversed_le {b most : Int} (hb : 1 ≤ b) {f : α → Int} {us : List α} (h : ∀ u ∈ us, 0 ≤ f u ∧ f u ≤ most) :
    0 ≤ reversed b f us ∧ reversed b f us * (b - 1) ≤ most * (width b us - 1) := by
  induction us with
  | nil =>
    have e1 : reversed b f [] = 0 := rfl
    have e2 : width b ([] : List α) = 1 := rfl
    rw [e1, e2, Int.zero_mul]
    have e3 : (1 : Int) - 1 = 0 := rfl
    rw [e3, Int.mul_zero]
    exact ⟨Int.le_refl 0, Int.le_refl 0⟩
  | cons u us ih =>
    have hu := h u (.head _)
    have i := ih (fun v hv => h v (.tail _ hv))
    have w := width_pos hb us
    have e1 : reversed b f (u :: us) = f u * width b us + reversed b f us := rfl
    have e2 : width b (u :: us) = b * width b us := rfl
    rw [e1, e2]
    have m1 := Int.mul_nonneg hu.1 (show 0 ≤ width b us by omega)
    have m2 := Int.mul_le_mul_of_nonneg_right hu.2 (show 0 ≤ (b - 1) * width b us from Int.mul_nonneg (by omega) (by omega))
    refine ⟨by omega, ?_⟩
    have f1 : f u * width b us * (b - 1) = f u * ((b - 1) * width b us) := by ac_rfl
    have f2 : most * (b * width b us - 1) = most * ((b - 1) * width b us) + most * (width b us - 1) := by
      rw [← Int.mul_add, Int.sub_mul]
      congr 1
      omega
    rw [Int.add_mul, f1, f2]
    omega

/-- The middle digit of a product of lanes and reversed lanes. -/
theorem product_eq {b F G : Int} (hb : 1 ≤ b) {f g : α → Int} (us : List α) (u : α)
    (hf : ∀ v ∈ u :: us, 0 ≤ f v ∧ f v ≤ F) (hg : ∀ v ∈ u :: us, 0 ≤ g v ∧ g v ≤ G) :
    ∃ low high : Int, lanes b f (u :: us) * reversed b g (u :: us) =
        low + width b us * (sumOver (fun v => f v * g v) (u :: us) + b * high) ∧
      0 ≤ low ∧ 0 ≤ high ∧ low * (b - 1) ≤ ((us.length : Int) + 1) * (F * G) * (width b us - 1) ∧
      0 ≤ sumOver (fun v => f v * g v) (u :: us) ∧ sumOver (fun v => f v * g v) (u :: us) ≤ ((us.length : Int) + 1) * (F * G) := by
  induction us generalizing u with
  | nil =>
    have hu := hf u (.head _)
    have gu := hg u (.head _)
    have p1 := Int.mul_nonneg hu.1 gu.1
    have p2 := mul_close (w := f u) (w' := F) (z := g u) (z' := G) (by omega) (by omega) (by omega) (by omega)
    refine ⟨0, 0, ?_, Int.le_refl 0, Int.le_refl 0, ?_, ?_, ?_⟩
    · show (f u + b * 0) * (g u * 1 + 0) = 0 + 1 * (f u * g u + 0 + b * 0)
      rw [Int.mul_zero, Int.mul_one, Int.add_zero, Int.add_zero, Int.add_zero, Int.add_zero, Int.zero_add, Int.one_mul]
    · show 0 * (b - 1) ≤ _ * ((1 : Int) - 1)
      have e3 : (1 : Int) - 1 = 0 := rfl
      rw [e3, Int.mul_zero, Int.zero_mul]
      exact Int.le_refl 0
    · show 0 ≤ f u * g u + 0
      omega
    · show f u * g u + 0 ≤ (((0 : Nat) : Int) + 1) * (F * G)
      have e : (((0 : Nat) : Int) + 1) * (F * G) = F * G := by
        show (1 : Int) * (F * G) = F * G
        exact Int.one_mul _
      omega
  | cons v vs ih =>
    have hu := hf u (.head _)
    have gu := hg u (.head _)
    have hf' : ∀ w ∈ v :: vs, 0 ≤ f w ∧ f w ≤ F := fun w hw => hf w (.tail _ hw)
    have hg' : ∀ w ∈ v :: vs, 0 ≤ g w ∧ g w ≤ G := fun w hw => hg w (.tail _ hw)
    rcases ih v hf' hg' with ⟨low, high, eq, hlow, hhigh, hle, hd0, hd1⟩
    have p1 := Int.mul_nonneg hu.1 gu.1
    have p2 := mul_close (w := f u) (w' := F) (z := g u) (z' := G) (by omega) (by omega) (by omega) (by omega)
    have r := reversed_le hb hg'
    have l := lanes_nonneg (b := b) (by omega) (fun w hw => (hf' w hw).1)
    have w1 := width_pos hb vs
    have wv : width b (v :: vs) = b * width b vs := rfl
    have FG : 0 ≤ F * G := by omega
    generalize hL : lanes b f (v :: vs) = L at *
    generalize hR : reversed b g (v :: vs) = R at *
    generalize hD : sumOver (fun v => f v * g v) (v :: vs) = D at *
    have eL : lanes b f (u :: v :: vs) = f u + b * L := by rw [← hL]; rfl
    have eR : reversed b g (u :: v :: vs) = g u * (b * width b vs) + R := by rw [← hR]; rfl
    have eD : sumOver (fun v => f v * g v) (u :: v :: vs) = f u * g u + D := by rw [← hD]; rfl
    have eN : (((v :: vs).length : Nat) : Int) = (vs.length : Int) + 1 := rfl
    rw [eL, eR, eD, eN, wv]
    rw [wv] at r
    generalize width b vs = W at *
    refine ⟨f u * R + b * low, high + L * g u, ?_, ?_, ?_, ?_, by omega, ?_⟩
    · rw [Int.add_mul, Int.mul_add, Int.mul_add (b * L), Int.mul_assoc b L R, eq]
      have f1 : f u * (g u * (b * W)) = b * W * (f u * g u) := by ac_rfl
      have f2 : b * L * (g u * (b * W)) = b * W * (b * (L * g u)) := by ac_rfl
      have f3 : b * (low + W * (D + b * high)) = b * low + b * W * (D + b * high) := by rw [Int.mul_add, Int.mul_assoc]
      rw [f1, f2, f3, Int.mul_add b high, ← Int.add_assoc, Int.mul_add (b * W), Int.mul_add (b * W), Int.mul_add (b * W), Int.mul_add (b * W)]
      omega
    · exact Int.add_nonneg (Int.mul_nonneg hu.1 r.1) (Int.mul_nonneg (by omega) hlow)
    · exact Int.add_nonneg hhigh (Int.mul_nonneg l gu.1)
    · have m1 := mul_close (w := f u) (w' := F) (z := R * (b - 1)) (z' := G * (b * W - 1)) (by omega) (by omega)
        (by have := Int.mul_nonneg r.1 (show 0 ≤ b - 1 by omega); omega) r.2
      have m2 := Int.mul_le_mul_of_nonneg_left hle (show 0 ≤ b by omega)
      have m3 := Int.mul_le_mul_of_nonneg_left (show b * (W - 1) ≤ b * W - 1 by rw [Int.mul_sub]; omega)
        (show 0 ≤ ((vs.length : Int) + 1) * (F * G) from Int.mul_nonneg (by omega) FG)
      have f1 : (f u * R + b * low) * (b - 1) = f u * (R * (b - 1)) + b * (low * (b - 1)) := by
        rw [Int.add_mul, Int.mul_assoc, Int.mul_assoc]
      have f2 : ((vs.length : Int) + 1 + 1) * (F * G) * (b * W - 1) =
          ((vs.length : Int) + 1) * (F * G) * (b * W - 1) + F * (G * (b * W - 1)) := by
        rw [Int.add_mul, Int.add_mul, Int.one_mul, Int.mul_assoc F G]
      have f3 : b * (((vs.length : Int) + 1) * (F * G) * (W - 1)) = ((vs.length : Int) + 1) * (F * G) * (b * (W - 1)) := by ac_rfl
      rw [f1, f2]
      omega
    · rw [Int.add_mul ((vs.length : Int) + 1), Int.one_mul]
      omega

/-- Sum of products of `count` lanes: a product, a shift, and a remainder. -/
def dot (base shift p q : Nat) : Nat := Nat.shiftRight (p * q) shift % base

theorem dot_eq {k : Nat} {F G : Int} {f g : α → Int} {us : List α} (hne : 1 ≤ us.length) (hf : ∀ v ∈ us, 0 ≤ f v ∧ f v ≤ F)
    (hg : ∀ v ∈ us, 0 ≤ g v ∧ g v ≤ G) (hfit : (us.length : Int) * (F * G) < ((2 ^ (k + 1) : Nat) : Int))
    {p q : Nat} (hp : (p : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) f us) (hq : (q : Int) = reversed ((2 ^ (k + 1) : Nat) : Int) g us) :
    ((dot (2 ^ (k + 1)) ((k + 1) * (us.length - 1)) p q : Nat) : Int) = sumOver (fun v => f v * g v) us := by
  cases us with
  | nil => exact absurd hne (Nat.not_succ_le_zero 0)
  | cons u us =>
    have hpos : 0 < 2 ^ k := Nat.pow_pos (by decide)
    have b2 : 2 ≤ ((2 ^ (k + 1) : Nat) : Int) := by
      have e : 2 ^ (k + 1) = 2 ^ k * 2 := rfl
      omega
    have b1 : 1 ≤ ((2 ^ (k + 1) : Nat) : Int) := by omega
    rcases product_eq b1 us u hf hg with ⟨low, high, eq, hlow, hhigh, hle, hd0, hd1⟩
    have el : (((u :: us).length : Nat) : Int) = (us.length : Int) + 1 := rfl
    have w1 := width_pos b1 us
    have we := width_eq (k + 1) us
    rw [el] at hfit
    have e1 : (k + 1) * ((u :: us).length - 1) = (k + 1) * us.length := rfl
    unfold dot
    rw [e1]
    have sr : Nat.shiftRight (p * q) ((k + 1) * us.length) = p * q / 2 ^ ((k + 1) * us.length) := rfl
    rw [sr]
    have cast : ((p * q / 2 ^ ((k + 1) * us.length) % 2 ^ (k + 1) : Nat) : Int) = ((p : Int) * q) / width ((2 ^ (k + 1) : Nat) : Int) us % ((2 ^ (k + 1) : Nat) : Int) := by
      rw [we, ← Int.natCast_mul]
      rfl
    rw [cast, hp, hq, eq]
    generalize sumOver (fun v => f v * g v) (u :: us) = D at *
    generalize ((2 ^ (k + 1) : Nat) : Int) = b at *
    generalize width b us = W at *
    have lowlt : low ≤ W - 1 := by
      have m := Int.mul_le_mul_of_nonneg_right (show ((us.length : Int) + 1) * (F * G) ≤ b - 1 by omega) (show 0 ≤ W - 1 by omega)
      have c : (b - 1) * low ≤ (b - 1) * (W - 1) := by rw [Int.mul_comm (b - 1) low]; omega
      exact Int.le_of_mul_le_mul_left c (by omega)
    have q1 : (low + W * (D + b * high)) / W = D + b * high := ediv_unique (by omega) (by omega) (by omega)
    have q2 : (D + b * high) / b = high := ediv_unique (by omega) (by omega) (by omega)
    rw [q1, Int.emod_def, q2]
    omega

end

end TinyVerify
