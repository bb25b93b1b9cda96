import TinyVerify.Certified.Lanes
/-!
# Sums of products of lanes

A product of lanes and reversed lanes has the sum of the products as its middle digit. Main result: `dot_eq`.
-/
namespace TinyVerify

section
variable {α : Type}

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
    have sr : Nat.shiftRight (p * q) ((k + 1) * us.length) = p * q / 2 ^ ((k + 1) * us.length) :=
      Nat.shiftRight_eq_div_pow _ _
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
