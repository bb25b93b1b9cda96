import TinyVerify.Certified.Spec
import TinyVerify.Basic.Products
/-!
# What holds on a box of codes

Main result: `Cell.error_bound`, twice the error of an output lies between `-errorLow` and `errorHigh`.
-/
namespace TinyVerify

/-! ### sums -/

theorem sumTo_congr {f g : Nat → Int} (d : Nat) (h : ∀ i, i < d → f i = g i) : sumTo f d = sumTo g d := by
  induction d with
  | zero => rfl
  | succ d ih =>
    show sumTo f d + f d = sumTo g d + g d
    rw [ih (fun i hi => h i (by omega)), h d (by omega)]

theorem sumTo_le {f g : Nat → Int} (d : Nat) (h : ∀ i, i < d → f i ≤ g i) : sumTo f d ≤ sumTo g d := by
  induction d with
  | zero => exact Int.le_refl _
  | succ d ih => exact Int.add_le_add (ih (fun i hi => h i (by omega))) (h d (by omega))

theorem sumTo_add (f g : Nat → Int) (d : Nat) : sumTo (fun i => f i + g i) d = sumTo f d + sumTo g d := by
  induction d with
  | zero => rfl
  | succ d ih =>
    have e1 : sumTo (fun i => f i + g i) (d + 1) = sumTo (fun i => f i + g i) d + (f d + g d) := rfl
    have e2 : sumTo f (d + 1) = sumTo f d + f d := rfl
    have e3 : sumTo g (d + 1) = sumTo g d + g d := rfl
    omega

theorem sumTo_mul (k : Int) (f : Nat → Int) (d : Nat) : sumTo (fun i => k * f i) d = k * sumTo f d := by
  induction d with
  | zero => exact (Int.mul_zero k).symm
  | succ d ih =>
    show sumTo (fun i => k * f i) d + k * f d = k * (sumTo f d + f d)
    rw [ih, Int.mul_add]

theorem sumTo_zero (d : Nat) : sumTo (fun _ => 0) d = 0 := by
  induction d with
  | zero => rfl
  | succ d ih => show sumTo (fun _ => 0) d + 0 = 0; omega

section
variable {α : Type}

theorem sumOver_add (f g : α → Int) (us : List α) : sumOver (fun u => f u + g u) us = sumOver f us + sumOver g us := by
  induction us with
  | nil => rfl
  | cons u us ih =>
    have e1 : sumOver (fun u => f u + g u) (u :: us) = f u + g u + sumOver (fun u => f u + g u) us := rfl
    have e2 : sumOver f (u :: us) = f u + sumOver f us := rfl
    have e3 : sumOver g (u :: us) = g u + sumOver g us := rfl
    omega

theorem sumOver_mul (k : Int) (f : α → Int) (us : List α) : sumOver (fun u => k * f u) us = k * sumOver f us := by
  induction us with
  | nil => exact (Int.mul_zero k).symm
  | cons u us ih =>
    show k * f u + sumOver (fun u => k * f u) us = k * (f u + sumOver f us)
    rw [ih, Int.mul_add]

theorem sumOver_congr {f g : α → Int} (us : List α) (h : ∀ u, f u = g u) : sumOver f us = sumOver g us := by
  have e : f = g := funext h
  rw [e]

theorem sumOver_zero (us : List α) : sumOver (fun _ => 0) us = 0 := by
  induction us with
  | nil => rfl
  | cons u us ih => show 0 + sumOver (fun _ => 0) us = 0; omega

theorem sumOver_sumTo (f : α → Nat → Int) (us : List α) (d : Nat) :
    sumOver (fun u => sumTo (f u) d) us = sumTo (fun i => sumOver (fun u => f u i) us) d := by
  induction d with
  | zero => exact sumOver_zero us
  | succ d ih =>
    have e : sumOver (fun u => sumTo (f u) (d + 1)) us = sumOver (fun u => sumTo (f u) d + f u d) us := rfl
    rw [e, sumOver_add, ih]
    rfl

end

/-! ### intervals -/

theorem le_up {c lo hi y z : Int} (h1 : y * lo ≤ z) (h2 : z ≤ y * hi) : c * z ≤ y * up c lo hi := by
  have a := Int.mul_le_mul_of_nonneg_left h2 (show 0 ≤ max c 0 by omega)
  have b := Int.mul_le_mul_of_nonneg_left h1 (show 0 ≤ max (-c) 0 by omega)
  have e : c * z = max c 0 * z - max (-c) 0 * z := by
    rw [← Int.sub_mul]
    have : c = max c 0 - max (-c) 0 := by omega
    rw [← this]
  unfold up
  rw [e, Int.mul_sub, Int.mul_left_comm y, Int.mul_left_comm y]
  omega

theorem le_up_one {c lo hi z : Int} (h1 : lo ≤ z) (h2 : z ≤ hi) : c * z ≤ up c lo hi := by
  have h := le_up (c := c) (y := 1) (lo := lo) (hi := hi) (z := z) (by omega) (by omega)
  omega

theorem mul_le_natAbs {a e b : Int} (h1 : -b ≤ e) (h2 : e ≤ b) : a * e ≤ (a.natAbs : Int) * b ∧ -(a * e) ≤ (a.natAbs : Int) * b := by
  have h := mul_close (w := a) (w' := (a.natAbs : Int)) (by omega) (by omega) h1 h2
  omega

/-! ### one unit -/

/-- `slope` is twice that of a line, `most` twice how far `max(t, 0)` lies above it, `diff` twice how far this differs between
the two networks. -/
theorem unit_error {s v t g a h slope live most diff rounding floating above below rest : Int}
    (ha : -rounding ≤ a - max t 0 ∧ a - max t 0 ≤ rounding) (hh : -floating ≤ h - max g 0 ∧ h - max g 0 ≤ floating)
    (hlive : live = 1 ∨ (live = 0 ∧ a = max t 0))
    (ht : 0 ≤ 2 * max t 0 - slope * t ∧ 2 * max t 0 - slope * t ≤ most)
    (hd : -diff ≤ 2 * max t 0 - slope * t - (2 * max g 0 - slope * g) ∧ 2 * max t 0 - slope * t - (2 * max g 0 - slope * g) ≤ diff)
    (hr : rest = diff * (v.natAbs : Int) + live * (2 * (s.natAbs * rounding)) + 2 * (v.natAbs * floating))
    (hu : above = most * max (1 * (s - v)) 0 + rest) (hl : below = most * max (-1 * (s - v)) 0 + rest) :
    -below ≤ 2 * (s * a - v * h) - slope * (s * t - v * g) ∧ 2 * (s * a - v * h) - slope * (s * t - v * g) ≤ above := by
  have mv := mul_close (w := v) (w' := (v.natAbs : Int)) (by omega) (by omega) hh.1 hh.2
  have ms : -(live * (2 * (s.natAbs * rounding))) ≤ 2 * (s * a - s * max t 0) ∧ 2 * (s * a - s * max t 0) ≤ live * (2 * (s.natAbs * rounding)) := by
    rcases hlive with h1 | h1
    · have m := mul_close (w := s) (w' := (s.natAbs : Int)) (by omega) (by omega) ha.1 ha.2
      rw [Int.mul_sub] at m
      rw [h1, Int.one_mul]
      omega
    · rw [h1.1, h1.2, Int.zero_mul]
      omega
  rw [Int.mul_sub] at mv
  have f1 := le_up_one (c := 1 * (s - v)) ht.1 ht.2
  have f3 := le_up_one (c := -1 * (s - v)) ht.1 ht.2
  have f2 := mul_close (w := v) (w' := (v.natAbs : Int)) (by omega) (by omega) hd.1 hd.2
  have e1 : s * (2 * max t 0 - slope * t) = 2 * (s * max t 0) - slope * (s * t) := by
    rw [Int.mul_sub, Int.mul_left_comm s 2, Int.mul_left_comm s slope]
  have e2 : v * (2 * max t 0 - slope * t) = 2 * (v * max t 0) - slope * (v * t) := by
    rw [Int.mul_sub, Int.mul_left_comm v 2, Int.mul_left_comm v slope]
  have e3 : v * (2 * max g 0 - slope * g) = 2 * (v * max g 0) - slope * (v * g) := by
    rw [Int.mul_sub, Int.mul_left_comm v 2, Int.mul_left_comm v slope]
  unfold up at f1 f3
  rw [Int.mul_zero, Int.sub_zero, Int.mul_comm _ most, ← Int.add_sub_cancel (most * max (1 * (s - v)) 0) rest, ← hu] at f1
  rw [Int.mul_zero, Int.sub_zero, Int.mul_comm _ most, ← Int.add_sub_cancel (most * max (-1 * (s - v)) 0) rest, ← hl] at f3
  rw [Int.one_mul, Int.sub_mul, e1, e2] at f1
  rw [Int.neg_mul, Int.one_mul, Int.neg_mul, Int.sub_mul, e1, e2] at f3
  rw [Int.mul_sub v, e2, e3, Int.mul_comm (v.natAbs : Int) diff] at f2
  rw [Int.mul_sub slope]
  omega

/-- A point of a box: codes, observations, and the offsets between them; `scale = fine * coarse` is a unit of the box. -/
structure At (p : Pairing) (c : Cell) (scale fine coarse : Int) (n x e : Nat → Int) : Prop where
  scale_eq : scale = fine * coarse
  fine_pos : 0 < fine
  coarse_pos : 0 < coarse
  codes : ∀ i, i < p.dim → c.low i ≤ n i ∧ n i ≤ c.high i
  inv_pos : ∀ i, i < p.dim → 0 < (p.axis i).inv
  link : ∀ i, i < p.dim → fine * ((p.axis i).inv * x i) = scale * (p.rho * n i + ((p.axis i).low + (p.axis i).err)) + e i
  offset : ∀ i, i < p.dim → -(scale * (p.axis i).err) ≤ e i ∧ e i ≤ scale * (p.axis i).err

namespace At

variable {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}

/-- The value of `t`. -/
def tValue (p : Pairing) (scale : Int) (n : Nat → Int) (u : Neuron) : Int :=
  scale * (p.tBase u + sumTo (fun i => p.tCode u i * n i) p.dim)

/-- The value of `g`. -/
def gValue (p : Pairing) (scale fine : Int) (x : Nat → Int) (u : Neuron) : Int :=
  scale * u.gb + sumTo (fun i => fine * (nth u.g i * x i)) p.dim

theorem scale_pos (h : At p c scale fine coarse n x e) : 0 < scale := by
  rw [h.scale_eq]
  exact Int.mul_pos h.fine_pos h.coarse_pos

theorem x_le (h : At p c scale fine coarse n x e) {i : Nat} (hi : i < p.dim) : x i ≤ coarse * c.xHigh p i := by
  have hl := h.link i hi
  have ho := (h.offset i hi).2
  have hn := (h.codes i hi).2
  have hinv := h.inv_pos i hi
  have hq := Nat.lt_mul_div_succ (p.rho * entry 0 c.hi i + (p.axis i).low + 2 * (p.axis i).err) hinv
  unfold Cell.high at hn
  unfold Cell.xHigh
  generalize (p.rho * entry 0 c.hi i + (p.axis i).low + 2 * (p.axis i).err) / (p.axis i).inv + 1 = q at hq ⊢
  generalize (p.axis i).inv = inv at *
  have m := Int.mul_le_mul_of_nonneg_left hn (show (0 : Int) ≤ p.rho by omega)
  have q2 : (p.rho : Int) * ((entry 0 c.hi i : Nat) : Int) + (p.axis i).low + 2 * (p.axis i).err ≤ (inv : Int) * (q : Int) := by
    rw [← Int.natCast_mul, ← Int.natCast_mul]
    omega
  have s1 := Int.mul_le_mul_of_nonneg_left (show (p.rho : Int) * n i + ((p.axis i).low + (p.axis i).err) + (p.axis i).err ≤
    (inv : Int) * (q : Int) by omega) (Int.le_of_lt h.scale_pos)
  rw [Int.mul_add] at s1
  have s2 : fine * ((inv : Int) * x i) ≤ fine * ((inv : Int) * (coarse * (q : Int))) := by
    have e1 : fine * ((inv : Int) * (coarse * (q : Int))) = scale * ((inv : Int) * (q : Int)) := by
      rw [h.scale_eq]; ac_rfl
    omega
  exact Int.le_of_mul_le_mul_left (Int.le_of_mul_le_mul_left s2 h.fine_pos) (by omega)

theorem le_x (h : At p c scale fine coarse n x e) {i : Nat} (hi : i < p.dim) : coarse * c.xLow p i ≤ x i := by
  have hl := h.link i hi
  have ho := (h.offset i hi).1
  have hn := (h.codes i hi).1
  have hinv := h.inv_pos i hi
  have hq := Nat.mul_div_le (p.rho * entry 0 c.lo i + (p.axis i).low) (p.axis i).inv
  unfold Cell.low at hn
  unfold Cell.xLow
  generalize (p.rho * entry 0 c.lo i + (p.axis i).low) / (p.axis i).inv = q at hq ⊢
  generalize (p.axis i).inv = inv at *
  have m := Int.mul_le_mul_of_nonneg_left hn (show (0 : Int) ≤ p.rho by omega)
  have q2 : (inv : Int) * (q : Int) ≤ (p.rho : Int) * ((entry 0 c.lo i : Nat) : Int) + (p.axis i).low := by
    rw [← Int.natCast_mul, ← Int.natCast_mul]
    omega
  have s1 := Int.mul_le_mul_of_nonneg_left (show (inv : Int) * (q : Int) ≤ (p.rho : Int) * n i + (p.axis i).low by omega)
    (Int.le_of_lt h.scale_pos)
  have s2 : fine * ((inv : Int) * (coarse * (q : Int))) ≤ fine * ((inv : Int) * x i) := by
    have e1 : fine * ((inv : Int) * (coarse * (q : Int))) = scale * ((inv : Int) * (q : Int)) := by
      rw [h.scale_eq]; ac_rfl
    have e2 : scale * ((p.rho : Int) * n i + ((p.axis i).low + (p.axis i).err)) =
        scale * ((p.rho : Int) * n i + (p.axis i).low) + scale * (p.axis i).err := by
      rw [← Int.mul_add, Int.add_assoc]
    omega
  exact Int.le_of_mul_le_mul_left (Int.le_of_mul_le_mul_left s2 h.fine_pos) (by omega)

theorem t_le (h : At p c scale fine coarse n x e) (u : Neuron) :
    tValue p scale n u ≤ scale * c.tHigh p u ∧ -tValue p scale n u ≤ scale * c.tLow p u := by
  have a := sumTo_le (f := fun i => p.tCode u i * n i) (g := fun i => up (p.tCode u i) (c.low i) (c.high i)) p.dim
    (fun i hi => le_up_one (h.codes i hi).1 (h.codes i hi).2)
  have b := sumTo_le (f := fun i => -1 * (p.tCode u i * n i)) (g := fun i => up (-p.tCode u i) (c.low i) (c.high i)) p.dim
    (fun i hi => by
      have := le_up_one (c := -p.tCode u i) (h.codes i hi).1 (h.codes i hi).2
      rw [Int.neg_mul] at this
      omega)
  rw [sumTo_mul] at b
  have s0 := Int.le_of_lt h.scale_pos
  have m1 := Int.mul_le_mul_of_nonneg_left a s0
  have m2 := Int.mul_le_mul_of_nonneg_left b s0
  unfold tValue Cell.tHigh Cell.tLow
  rw [Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_neg]
  rw [Int.neg_mul, Int.one_mul, Int.mul_neg] at m2
  omega

/-- A multiple of a code, in terms of the observation. -/
theorem code_eq (h : At p c scale fine coarse n x e) {i : Nat} (hi : i < p.dim) (k : Int) :
    scale * (p.rho * k * n i) =
      fine * (k * (p.axis i).inv * x i) + -(scale * (k * ((p.axis i).low + (p.axis i).err))) + -(k * e i) := by
  have hl : k * (fine * ((p.axis i).inv * x i)) = k * (scale * (p.rho * n i + ((p.axis i).low + (p.axis i).err)) + e i) := by
    rw [h.link i hi]
  rw [Int.mul_add, Int.mul_add, Int.mul_add] at hl
  have e1 : scale * (p.rho * k * n i) = k * (scale * (p.rho * n i)) := by ac_rfl
  have e2 : fine * (k * (p.axis i).inv * x i) = k * (fine * ((p.axis i).inv * x i)) := by ac_rfl
  have e3 : scale * (k * ((p.axis i).low + (p.axis i).err)) = k * (scale * ((p.axis i).low + (p.axis i).err)) := by ac_rfl
  omega

/-- `t` as a function of the observation and the offsets. -/
theorem tValue_eq (h : At p c scale fine coarse n x e) (u : Neuron) :
    tValue p scale n u = scale * p.shifted u + sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim +
      sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim := by
  have key := sumTo_congr (f := fun i => scale * (p.tCode u i * n i)) (g := fun i => (fine * (u.m * nth u.w i * (p.axis i).inv * x i) +
    -1 * (scale * (u.m * nth u.w i * ((p.axis i).low + (p.axis i).err)))) + -(u.m * nth u.w i * e i)) p.dim (by
      intro i hi
      have := h.code_eq hi (u.m * nth u.w i)
      unfold Pairing.tCode
      omega)
  rw [sumTo_mul, sumTo_add, sumTo_add, sumTo_mul (-1), sumTo_mul scale] at key
  unfold tValue Pairing.shifted
  rw [Int.mul_add, Int.mul_sub, key]
  omega

theorem diff_eq (h : At p c scale fine coarse n x e) (u : Neuron) :
    tValue p scale n u - gValue p scale fine x u = scale * p.dBase u + sumTo (fun i => fine * (p.dSlope u i * x i)) p.dim +
      sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim := by
  have key : sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim =
      sumTo (fun i => fine * (p.dSlope u i * x i)) p.dim + sumTo (fun i => fine * (nth u.g i * x i)) p.dim := by
    rw [← sumTo_add]
    apply sumTo_congr
    intro i _
    unfold Pairing.dSlope
    rw [← Int.mul_add, ← Int.add_mul]
    have e1 : u.m * nth u.w i * (p.axis i).inv - nth u.g i + nth u.g i = u.m * nth u.w i * (p.axis i).inv := by omega
    rw [e1]
  rw [h.tValue_eq, key]
  unfold gValue Pairing.dBase
  rw [Int.mul_sub]
  omega

theorem offset_le (h : At p c scale fine coarse n x e) (f : Nat → Int) :
    sumTo (fun i => -(f i * e i)) p.dim ≤ scale * sumTo (fun i => ((f i).natAbs : Int) * (p.axis i).err) p.dim ∧
    -sumTo (fun i => -(f i * e i)) p.dim ≤ scale * sumTo (fun i => ((f i).natAbs : Int) * (p.axis i).err) p.dim := by
  have m : ∀ i, i < p.dim → f i * e i ≤ scale * (((f i).natAbs : Int) * (p.axis i).err) ∧
      -(f i * e i) ≤ scale * (((f i).natAbs : Int) * (p.axis i).err) := by
    intro i hi
    have := mul_le_natAbs (a := f i) (h.offset i hi).1 (h.offset i hi).2
    rw [Int.mul_left_comm] at this
    exact this
  have a := sumTo_le (f := fun i => -(f i * e i)) (g := fun i => scale * (((f i).natAbs : Int) * (p.axis i).err)) p.dim
    (fun i hi => (m i hi).2)
  have b := sumTo_le (f := fun i => -1 * -(f i * e i)) (g := fun i => scale * (((f i).natAbs : Int) * (p.axis i).err)) p.dim
    (fun i hi => by
      have := (m i hi).1
      omega)
  rw [sumTo_mul scale] at a b
  rw [sumTo_mul (-1)] at b
  exact ⟨a, by omega⟩

theorem x_sum_le (h : At p c scale fine coarse n x e) (f : Nat → Int) :
    sumTo (fun i => fine * (f i * x i)) p.dim ≤ scale * sumTo (fun i => up (f i) (c.xLow p i) (c.xHigh p i)) p.dim ∧
    -sumTo (fun i => fine * (f i * x i)) p.dim ≤ scale * sumTo (fun i => up (-f i) (c.xLow p i) (c.xHigh p i)) p.dim := by
  have m : ∀ i, i < p.dim → ∀ k : Int, fine * (k * x i) ≤ scale * up k (c.xLow p i) (c.xHigh p i) := by
    intro i hi k
    have h1 := le_up (c := k) (h.le_x hi) (h.x_le hi)
    have h2 := Int.mul_le_mul_of_nonneg_left h1 (Int.le_of_lt h.fine_pos)
    rw [← Int.mul_assoc fine coarse, ← h.scale_eq] at h2
    exact h2
  have a := sumTo_le (f := fun i => fine * (f i * x i)) (g := fun i => scale * up (f i) (c.xLow p i) (c.xHigh p i)) p.dim
    (fun i hi => m i hi (f i))
  have b := sumTo_le (f := fun i => -1 * (fine * (f i * x i))) (g := fun i => scale * up (-f i) (c.xLow p i) (c.xHigh p i)) p.dim
    (fun i hi => by
      have := m i hi (-f i)
      rw [Int.neg_mul, Int.mul_neg] at this
      omega)
  rw [sumTo_mul scale] at a b
  rw [sumTo_mul (-1)] at b
  exact ⟨a, by omega⟩

theorem diff_le (h : At p c scale fine coarse n x e) (u : Neuron) :
    tValue p scale n u - gValue p scale fine x u ≤ scale * c.dHigh p u ∧
    gValue p scale fine x u - tValue p scale n u ≤ scale * c.dLow p u := by
  have e0 := h.diff_eq u
  have a := h.x_sum_le (p.dSlope u)
  have b := h.offset_le (fun i => u.m * nth u.w i)
  unfold Cell.dHigh Cell.dLow Pairing.dError
  rw [Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_neg]
  omega

end At

/-- What both networks' hidden units give at a point: int8 codes `as` and float32 values `hs`, in the unit of `t` and `g`. -/
def Observed (p : Pairing) (scale fine : Int) (n x : Nat → Int) : List Neuron → List Int → List Int → Prop
  | u :: us, a :: as, h :: hs =>
    ((-(scale * u.rounding + max (At.tValue p scale n u - scale * p.cap) 0) ≤ a - max (At.tValue p scale n u) 0 ∧
        a - max (At.tValue p scale n u) 0 ≤ scale * u.rounding) ∧
      (At.tValue p scale n u ≤ 0 → a = 0)) ∧
    (-(scale * u.floating) ≤ h - max (At.gValue p scale fine x u) 0 ∧
      h - max (At.gValue p scale fine x u) 0 ≤ scale * u.floating) ∧
    Observed p scale fine n x us as hs
  | [], [], [] => True
  | _, _, _ => False

/-- `sum s a - v h` for output `k`. -/
def difference (k : Nat) : List Neuron → List Int → List Int → Int
  | u :: us, a :: as, h :: hs => (nth u.s k * a - nth u.v k * h) + difference k us as hs
  | _, _, _ => 0

namespace At

variable {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}

/-- What one unit's affine function leaves out. -/
def piece (p : Pairing) (c : Cell) (k : Nat) (turn : Int) (u : Neuron) : Int :=
  c.above p u * max (turn * (nth u.s k - nth u.v k)) 0 + c.apart p u * ((nth u.v k).natAbs : Int) +
    (1 - c.off p u) * (2 * ((nth u.s k).natAbs * u.rounding)) + c.excess p u * (2 * ((nth u.s k).natAbs : Int)) +
    2 * ((nth u.v k).natAbs * u.floating)

theorem unit_bound (hp : At p c scale fine coarse n x e) (u : Neuron) (k : Nat) {a h : Int}
    (ha : -(scale * u.rounding + max (tValue p scale n u - scale * p.cap) 0) ≤ a - max (tValue p scale n u) 0 ∧
      a - max (tValue p scale n u) 0 ≤ scale * u.rounding)
    (h0 : tValue p scale n u ≤ 0 → a = 0)
    (hh : -(scale * u.floating) ≤ h - max (gValue p scale fine x u) 0 ∧
      h - max (gValue p scale fine x u) 0 ≤ scale * u.floating) :
    -(scale * piece p c k (-1) u) ≤ 2 * (nth u.s k * a - nth u.v k * h) -
      c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u) ∧
    2 * (nth u.s k * a - nth u.v k * h) -
      c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u) ≤ scale * piece p c k 1 u := by
  have ht := hp.t_le u
  have hd := hp.diff_le u
  have s0 := hp.scale_pos
  generalize tValue p scale n u = t at *
  generalize gValue p scale fine x u = g at *
  have m1 := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u ≤ c.tMost p u by unfold Cell.tMost; omega) (Int.le_of_lt s0)
  have m2 := Int.mul_le_mul_of_nonneg_left (show c.tLow p u ≤ c.tMost p u by unfold Cell.tMost; omega) (Int.le_of_lt s0)
  have m3 := Int.mul_le_mul_of_nonneg_left (show c.dHigh p u ≤ c.dMost p u by unfold Cell.dMost; omega) (Int.le_of_lt s0)
  have m4 := Int.mul_le_mul_of_nonneg_left (show c.dLow p u ≤ c.dMost p u by unfold Cell.dMost; omega) (Int.le_of_lt s0)
  have on_of : c.dMost p u + c.tLow p u ≤ 0 → 0 ≤ t ∧ 0 ≤ g := by
    intro h
    have := Int.mul_le_mul_of_nonneg_left h (Int.le_of_lt s0)
    rw [Int.mul_add, Int.mul_zero] at this
    omega
  have off_of : c.tHigh p u + c.dMost p u < 0 → t < 0 ∧ g ≤ 0 := by
    intro h
    have := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u + c.dMost p u ≤ -1 by omega) (Int.le_of_lt s0)
    rw [Int.mul_add, Int.mul_neg, Int.mul_one] at this
    omega
  have over : max (t - scale * p.cap) 0 ≤ scale * c.excess p u ∧ 0 ≤ scale * c.excess p u := by
    have m1 := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u - p.cap ≤ c.excess p u by unfold Cell.excess; omega) (Int.le_of_lt s0)
    have m2 := Int.mul_nonneg (Int.le_of_lt s0) (show 0 ≤ c.excess p u by unfold Cell.excess; omega)
    rw [Int.mul_sub] at m1
    omega
  have wide := Int.mul_le_mul_of_nonneg_left (show 0 ≤ max (c.tLow p u) 0 by omega) (Int.le_of_lt s0)
  have wide2 := Int.mul_le_mul_of_nonneg_left (show 0 ≤ max (c.tHigh p u) 0 by omega) (Int.le_of_lt s0)
  have m5 := Int.mul_le_mul_of_nonneg_left (show c.tLow p u ≤ max (c.tLow p u) 0 by omega) (Int.le_of_lt s0)
  have m6 := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u ≤ max (c.tHigh p u) 0 by omega) (Int.le_of_lt s0)
  rw [Int.mul_zero] at wide wide2
  have d0 : 0 ≤ scale * c.dMost p u := by omega
  have sum0 : 0 ≤ c.tHigh p u + c.tLow p u := by
    rcases Int.lt_or_ge (c.tHigh p u + c.tLow p u) 0 with h | h
    · have m := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u + c.tLow p u ≤ -1 by omega) (Int.le_of_lt s0)
      rw [Int.mul_add, Int.mul_neg, Int.mul_one] at m
      omega
    · exact h
  have shape : (0 ≤ 2 * max t 0 - c.slope p u * t ∧ 2 * max t 0 - c.slope p u * t ≤ scale * c.above p u) ∧
      (-(scale * c.apart p u) ≤ 2 * max t 0 - c.slope p u * t - (2 * max g 0 - c.slope p u * g) ∧
        2 * max t 0 - c.slope p u * t - (2 * max g 0 - c.slope p u * g) ≤ scale * c.apart p u) := by
    by_cases h1 : c.dMost p u + c.tLow p u ≤ 0
    · have a1 := on_of h1
      have hon : c.on p u = 1 := by unfold Cell.on; rw [if_pos h1]
      have hoff : c.off p u = 0 := by
        unfold Cell.off
        by_cases h2 : c.tHigh p u + c.dMost p u < 0
        · have a2 := off_of h2
          omega
        · rw [if_neg h2]
      have hm : c.mixed p u = 0 := by unfold Cell.mixed; omega
      have x1 : c.mostlyOn p u = 0 := by unfold Cell.mostlyOn; rw [hm, Int.zero_mul]
      have x2 : c.mostlyOff p u = 0 := by unfold Cell.mostlyOff; rw [hm, Int.zero_mul]
      have x3 : c.half p u = 0 := by unfold Cell.half; omega
      have x4 : c.slope p u = 2 := by unfold Cell.slope; omega
      have x5 : c.above p u = 0 := by unfold Cell.above; rw [x1, x2, x3, Int.zero_mul, Int.zero_mul, Int.zero_mul]; rfl
      have x6 : c.apart p u = 0 := by unfold Cell.apart; rw [x1, x2, hm, Int.zero_mul, Int.add_zero, Int.zero_mul]; rfl
      rw [x4, x5, x6, Int.mul_zero]
      omega
    · have hon : c.on p u = 0 := by unfold Cell.on; rw [if_neg h1]
      by_cases h2 : c.tHigh p u + c.dMost p u < 0
      · have a2 := off_of h2
        have hoff : c.off p u = 1 := by unfold Cell.off; rw [if_pos h2]
        have hm : c.mixed p u = 0 := by unfold Cell.mixed; omega
        have x1 : c.mostlyOn p u = 0 := by unfold Cell.mostlyOn; rw [hm, Int.zero_mul]
        have x2 : c.mostlyOff p u = 0 := by unfold Cell.mostlyOff; rw [hm, Int.zero_mul]
        have x3 : c.half p u = 0 := by unfold Cell.half; omega
        have x4 : c.slope p u = 0 := by unfold Cell.slope; omega
        have x5 : c.above p u = 0 := by unfold Cell.above; rw [x1, x2, x3, Int.zero_mul, Int.zero_mul, Int.zero_mul]; rfl
        have x6 : c.apart p u = 0 := by unfold Cell.apart; rw [x1, x2, hm, Int.zero_mul, Int.add_zero, Int.zero_mul]; rfl
        rw [x4, x5, x6, Int.mul_zero, Int.zero_mul, Int.zero_mul]
        omega
      · have hoff : c.off p u = 0 := by unfold Cell.off; rw [if_neg h2]
        have hm : c.mixed p u = 1 := by unfold Cell.mixed; omega
        by_cases h3 : p.sides = true ∧ 0 ≤ c.tHigh p u - 2 * c.tLow p u
        · have x1 : c.mostlyOn p u = 1 := by unfold Cell.mostlyOn; rw [hm, if_pos h3]; rfl
          have x2 : c.mostlyOff p u = 0 := by unfold Cell.mostlyOff; rw [hm, if_neg (fun h => by have := h.2; have := h3.2; omega)]; rfl
          have x3 : c.half p u = 0 := by unfold Cell.half; omega
          have x4 : c.slope p u = 2 := by unfold Cell.slope; omega
          have x5 : c.above p u = 2 * max (c.tLow p u) 0 := by
            unfold Cell.above
            rw [x1, x2, x3, Int.zero_mul, Int.zero_mul, Int.one_mul]
            omega
          have x6 : c.apart p u = 2 * c.dMost p u := by
            unfold Cell.apart
            rw [x1, x2, hm, Int.one_mul, Int.add_zero, Int.one_mul]
            omega
          rw [x4, x5, x6, Int.mul_left_comm scale 2, Int.mul_left_comm scale 2]
          omega
        · have x1 : c.mostlyOn p u = 0 := by unfold Cell.mostlyOn; rw [hm, if_neg h3]; rfl
          by_cases h4 : p.sides = true ∧ 0 ≤ c.tLow p u - 2 * c.tHigh p u - 1
          · have x2 : c.mostlyOff p u = 1 := by unfold Cell.mostlyOff; rw [hm, if_pos h4]; rfl
            have x3 : c.half p u = 0 := by unfold Cell.half; omega
            have x4 : c.slope p u = 0 := by unfold Cell.slope; omega
            have x5 : c.above p u = 2 * max (c.tHigh p u) 0 := by
              unfold Cell.above
              rw [x1, x2, x3, Int.zero_mul, Int.zero_mul, Int.one_mul]
              omega
            have x6 : c.apart p u = 2 * c.dMost p u := by
              unfold Cell.apart
              rw [x1, x2, hm, Int.one_mul, Int.zero_add, Int.one_mul]
              omega
            rw [x4, x5, x6, Int.mul_left_comm scale 2, Int.mul_left_comm scale 2, Int.zero_mul, Int.zero_mul]
            omega
          · have x2 : c.mostlyOff p u = 0 := by unfold Cell.mostlyOff; rw [hm, if_neg h4]; rfl
            have x3 : c.half p u = 1 := by unfold Cell.half; omega
            have x4 : c.slope p u = 1 := by unfold Cell.slope; omega
            have x5 : c.above p u = c.tMost p u := by
              unfold Cell.above
              rw [x1, x2, x3, Int.zero_mul, Int.zero_mul, Int.one_mul]
              omega
            have x6 : c.apart p u = c.dMost p u := by
              unfold Cell.apart
              rw [x1, x2, hm, Int.one_mul, Int.add_zero, Int.zero_mul]
              omega
            rw [x4, x5, x6, Int.one_mul, Int.one_mul]
            omega
  have live : 1 - c.off p u = 1 ∨ (1 - c.off p u = 0 ∧ a = max t 0) := by
    by_cases h2 : c.tHigh p u + c.dMost p u < 0
    · have a2 := off_of h2
      have hoff : c.off p u = 1 := by unfold Cell.off; rw [if_pos h2]
      have := h0 (by omega)
      exact .inr ⟨by omega, by omega⟩
    · have hoff : c.off p u = 0 := by unfold Cell.off; rw [if_neg h2]
      exact .inl (by omega)
  have bound := unit_error (s := nth u.s k) (v := nth u.v k) (t := t) (g := g) (a := a) (h := h) (slope := c.slope p u)
    (live := 1 - c.off p u) (rounding := scale * u.rounding + scale * c.excess p u)
    (floating := scale * u.floating) (most := scale * c.above p u) (diff := scale * c.apart p u) (by omega) hh live shape.1 shape.2
    rfl rfl rfl
  have le : ∀ turn : Int, scale * c.above p u * max (turn * (nth u.s k - nth u.v k)) 0 +
      (scale * c.apart p u * ((nth u.v k).natAbs : Int) +
      (1 - c.off p u) * (2 * ((nth u.s k).natAbs * (scale * u.rounding + scale * c.excess p u))) +
      2 * ((nth u.v k).natAbs * (scale * u.floating))) ≤ scale * piece p c k turn u := by
    intro turn
    unfold piece
    rw [Int.mul_add scale, Int.mul_add scale, Int.mul_add scale, Int.mul_add scale]
    have e1 : scale * (c.above p u * max (turn * (nth u.s k - nth u.v k)) 0) =
      scale * c.above p u * max (turn * (nth u.s k - nth u.v k)) 0 := by ac_rfl
    have e2 : scale * (c.apart p u * ((nth u.v k).natAbs : Int)) =
      scale * c.apart p u * ((nth u.v k).natAbs : Int) := by ac_rfl
    have e3 : scale * ((1 - c.off p u) * (2 * ((nth u.s k).natAbs * u.rounding))) =
      (1 - c.off p u) * (2 * ((nth u.s k).natAbs * (scale * u.rounding))) := by ac_rfl
    have e4 : scale * (2 * ((nth u.v k).natAbs * u.floating)) = 2 * ((nth u.v k).natAbs * (scale * u.floating)) := by ac_rfl
    have e5 : scale * (c.excess p u * (2 * ((nth u.s k).natAbs : Int))) = 2 * ((nth u.s k).natAbs * (scale * c.excess p u)) := by ac_rfl
    have m := Int.mul_nonneg (a := ((nth u.s k).natAbs : Int)) (b := scale * c.excess p u) (by omega) over.2
    rw [e1, e2, e3, e4, e5, Int.mul_add ((nth u.s k).natAbs : Int)]
    by_cases h2 : c.tHigh p u + c.dMost p u < 0
    · have e6 : 1 - c.off p u = 0 := by unfold Cell.off; rw [if_pos h2]; rfl
      rw [e6, Int.zero_mul, Int.zero_mul]
      omega
    · have e6 : 1 - c.off p u = 1 := by unfold Cell.off; rw [if_neg h2]; rfl
      rw [e6, Int.one_mul, Int.one_mul]
      omega
  have above := le 1
  have below := le (-1)
  omega

theorem units_bound (hp : At p c scale fine coarse n x e) (k : Nat) (us : List Neuron) {as hs : List Int}
    (ho : Observed p scale fine n x us as hs) :
    let s := sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) us
    2 * difference k us as hs ≤ s + scale * sumOver (piece p c k 1) us ∧
      s ≤ 2 * difference k us as hs + scale * sumOver (piece p c k (-1)) us := by
  induction us generalizing as hs with
  | nil =>
    cases as with
    | nil => cases hs with
      | nil =>
        have e1 : difference k [] [] [] = 0 := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f [] = 0 := fun _ => rfl
        simp only [e1, e3, Int.mul_zero]
        omega
      | cons _ _ => exact ho.elim
    | cons _ _ => cases hs <;> exact ho.elim
  | cons u us ih =>
    cases as with
    | nil => cases hs <;> exact ho.elim
    | cons a as => cases hs with
      | nil => exact ho.elim
      | cons h hs =>
        have i := ih ho.2.2
        have b := hp.unit_bound u k ho.1.1 ho.1.2 ho.2.1
        simp only at i ⊢
        have e1 : difference k (u :: us) (a :: as) (h :: hs) = (nth u.s k * a - nth u.v k * h) + difference k us as hs := rfl
        have e3 : ∀ f : Neuron → Int, sumOver f (u :: us) = f u + sumOver f us := fun _ => rfl
        rw [e1, e3, e3, e3, Int.mul_add, Int.mul_add, Int.mul_add]
        generalize nth u.s k * a - nth u.v k * h = w at *
        omega

/-- The affine functions added up, in the observation and the offsets. -/
theorem affine_eq (hp : At p c scale fine coarse n x e) (k : Nat) :
    sumOver (fun u => c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u)) p.units =
      scale * c.constant p k + sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim +
        sumTo (fun i => -(c.eSlope p k i * e i)) p.dim := by
  have one : ∀ u : Neuron, c.slope p u * (nth u.s k * tValue p scale n u - nth u.v k * gValue p scale fine x u) =
      scale * (c.slope p u * (nth u.s k * p.shifted u - nth u.v k * u.gb)) +
      sumTo (fun i => (fine * x i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.dim +
      sumTo (fun i => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim := by
    intro u
    have e1 : sumTo (fun i => (fine * x i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.dim =
        c.slope p u * (nth u.s k * sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim) +
        -(c.slope p u * nth u.v k) * sumTo (fun i => fine * (nth u.g i * x i)) p.dim := by
      rw [← sumTo_mul, ← sumTo_mul, ← sumTo_mul, ← sumTo_add]
      apply sumTo_congr
      intro i _
      rw [Int.mul_sub, Int.mul_sub, Int.neg_mul]
      have f1 : fine * x i * (c.slope p u * (nth u.s k * (u.m * nth u.w i * (p.axis i).inv))) =
        c.slope p u * (nth u.s k * (fine * (u.m * nth u.w i * (p.axis i).inv * x i))) := by ac_rfl
      have f2 : fine * x i * (c.slope p u * (nth u.v k * nth u.g i)) = c.slope p u * nth u.v k * (fine * (nth u.g i * x i)) := by ac_rfl
      omega
    have e2 : sumTo (fun i => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.dim =
        c.slope p u * (nth u.s k * sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim) := by
      rw [← sumTo_mul, ← sumTo_mul]
      apply sumTo_congr
      intro i _
      have f1 : e i * (c.slope p u * (nth u.s k * (u.m * nth u.w i))) = c.slope p u * (nth u.s k * (u.m * nth u.w i * e i)) := by ac_rfl
      rw [Int.neg_mul, Int.mul_neg, Int.mul_neg, f1]
    rw [e1, e2, hp.tValue_eq u]
    unfold gValue
    generalize sumTo (fun i => fine * (u.m * nth u.w i * (p.axis i).inv * x i)) p.dim = a1
    generalize sumTo (fun i => fine * (nth u.g i * x i)) p.dim = a2
    generalize sumTo (fun i => -(u.m * nth u.w i * e i)) p.dim = a3
    have f3 : scale * (c.slope p u * (nth u.s k * p.shifted u - nth u.v k * u.gb)) =
      c.slope p u * (nth u.s k * (scale * p.shifted u)) - c.slope p u * (nth u.v k * (scale * u.gb)) := by
      rw [Int.mul_sub, Int.mul_sub]
      have g1 : scale * (c.slope p u * (nth u.s k * p.shifted u)) = c.slope p u * (nth u.s k * (scale * p.shifted u)) := by ac_rfl
      have g2 : scale * (c.slope p u * (nth u.v k * u.gb)) = c.slope p u * (nth u.v k * (scale * u.gb)) := by ac_rfl
      omega
    rw [f3, Int.mul_sub, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.neg_mul, Int.mul_assoc]
    omega
  rw [sumOver_congr p.units one, sumOver_add, sumOver_add, sumOver_mul, sumOver_sumTo, sumOver_sumTo]
  have x1 : sumTo (fun i => sumOver (fun u => (fine * x i) * (c.slope p u *
      (nth u.s k * (u.m * nth u.w i * (p.axis i).inv) - nth u.v k * nth u.g i))) p.units) p.dim =
      sumTo (fun i => fine * (c.xSlope p k i * x i)) p.dim := by
    apply sumTo_congr
    intro i _
    rw [sumOver_mul]
    show fine * x i * c.xSlope p k i = _
    ac_rfl
  have x2 : sumTo (fun i => sumOver (fun u => -(e i) * (c.slope p u * (nth u.s k * (u.m * nth u.w i)))) p.units) p.dim =
      sumTo (fun i => -(c.eSlope p k i * e i)) p.dim := by
    apply sumTo_congr
    intro i _
    rw [sumOver_mul]
    show -(e i) * c.eSlope p k i = _
    rw [Int.neg_mul, Int.mul_comm]
  rw [x1, x2]
  rfl

theorem residual_eq (p : Pairing) (c : Cell) (k : Nat) (turn : Int) : sumOver (piece p c k turn) p.units = c.residual p k turn := by
  unfold Cell.residual
  rw [← sumOver_add, ← sumOver_add, ← sumOver_add, ← sumOver_add]
  rfl

end At

/-- Twice the error of output `k` at any point of the box. -/
theorem Cell.error_bound {p : Pairing} {c : Cell} {scale fine coarse : Int} {n x e : Nat → Int}
    (hp : At p c scale fine coarse n x e) (k : Nat) {as hs : List Int} (ho : Observed p scale fine n x p.units as hs) :
    2 * difference k p.units as hs ≤ scale * c.errorHigh p k ∧ -(2 * difference k p.units as hs) ≤ scale * c.errorLow p k := by
  have b := hp.units_bound k p.units ho
  have a := hp.affine_eq k
  have f := hp.x_sum_le (c.xSlope p k)
  have g := hp.offset_le (c.eSlope p k)
  have r1 := At.residual_eq p c k 1
  have r2 := At.residual_eq p c k (-1)
  simp only at b
  unfold Cell.errorHigh Cell.errorLow Cell.offsets
  rw [r1, r2, a] at b
  rw [Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_add, Int.mul_neg]
  omega

end TinyVerify
