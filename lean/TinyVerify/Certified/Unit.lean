import TinyVerify.Certified.Point
/-!
# What one unit adds to the error of an output

Main result: `At.unit_bound`, on a box, by which of on, off, mostly on, mostly off and mixed the unit is.
-/
namespace TinyVerify

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

/-- Both networks' units against the line of the unit's slope. -/
theorem unit_shape (hp : At p c scale fine coarse n x e) (u : Neuron) {t g : Int} (et : t = tValue p scale n u)
    (eg : g = gValue p scale fine x u) :
    (0 ≤ 2 * max t 0 - c.slope p u * t ∧ 2 * max t 0 - c.slope p u * t ≤ scale * c.above p u) ∧
    (-(scale * c.apart p u) ≤ 2 * max t 0 - c.slope p u * t - (2 * max g 0 - c.slope p u * g) ∧
      2 * max t 0 - c.slope p u * t - (2 * max g 0 - c.slope p u * g) ≤ scale * c.apart p u) ∧
    0 ≤ 2 * max g 0 - c.slope p u * g := by
  have ht := hp.t_le u
  have hd := hp.diff_le u
  have s0 := hp.scale_pos
  rw [← et, ← eg] at hd
  rw [← et] at ht
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
  have wide := Int.mul_le_mul_of_nonneg_left (show 0 ≤ max (c.tLow p u) 0 by omega) (Int.le_of_lt s0)
  have wide2 := Int.mul_le_mul_of_nonneg_left (show 0 ≤ max (c.tHigh p u) 0 by omega) (Int.le_of_lt s0)
  have m5 := Int.mul_le_mul_of_nonneg_left (show c.tLow p u ≤ max (c.tLow p u) 0 by omega) (Int.le_of_lt s0)
  have m6 := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u ≤ max (c.tHigh p u) 0 by omega) (Int.le_of_lt s0)
  rw [Int.mul_zero] at wide wide2
  have d0 : 0 ≤ scale * c.dMost p u := by omega
  have sum0 : 0 ≤ c.tHigh p u + c.tLow p u := by
    rcases Int.lt_or_le (c.tHigh p u + c.tLow p u) 0 with h | h
    · have m := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u + c.tLow p u ≤ -1 by omega) (Int.le_of_lt s0)
      rw [Int.mul_add, Int.mul_neg, Int.mul_one] at m
      omega
    · exact h
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
  have shape := hp.unit_shape u rfl rfl
  generalize tValue p scale n u = t at *
  generalize gValue p scale fine x u = g at *
  have m1 := Int.mul_le_mul_of_nonneg_left (show c.tHigh p u ≤ c.tMost p u by unfold Cell.tMost; omega) (Int.le_of_lt s0)
  have m2 := Int.mul_le_mul_of_nonneg_left (show c.tLow p u ≤ c.tMost p u by unfold Cell.tMost; omega) (Int.le_of_lt s0)
  have m3 := Int.mul_le_mul_of_nonneg_left (show c.dHigh p u ≤ c.dMost p u by unfold Cell.dMost; omega) (Int.le_of_lt s0)
  have m4 := Int.mul_le_mul_of_nonneg_left (show c.dLow p u ≤ c.dMost p u by unfold Cell.dMost; omega) (Int.le_of_lt s0)
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
    (floating := scale * u.floating) (most := scale * c.above p u) (diff := scale * c.apart p u) (by omega) hh live shape.1 shape.2.1
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

end At

end TinyVerify
