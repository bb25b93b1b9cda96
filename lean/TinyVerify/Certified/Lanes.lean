import TinyVerify.Certified.Masks
import TinyVerify.Certified.Sums
/-!
# Many integers in one number

`lanes b f us` holds `f u` for every `u` of a list, as a digit of base `b`. Sums and multiples of lanes are lanes. With
`b = 2 half`, a lane `f u + half` shows the sign of `f u` in its top bit; one `land` reads them all.
Main results: `topBits_eq`, `select_eq`.
-/
namespace TinyVerify

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

end

end TinyVerify
