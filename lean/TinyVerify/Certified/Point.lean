import TinyVerify.Certified.Sums
/-!
# What a unit computes at a point of a box

`At` ties codes, observations and the offsets between them. Main results: `At.x_le`, `At.le_x` (the observations of a box),
`At.t_le` (the int8 unit's value), `At.tValue_eq` (the same as a function of the observation), `At.diff_le` (how far both
networks' units are apart).
-/
namespace TinyVerify

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

end TinyVerify
