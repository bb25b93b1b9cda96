import TinyVerify.ObjectCode.Integers
/-!
# A normal form has the value of its expression

Main result: `Expr.form_eval`.
-/
namespace TinyVerify.ObjectCode

def Base.eval (x : List Int) (b : Base) : Int := b.expr.eval x

/-- The integer that a natural in a form stands for. -/
def meant (n : Nat) : Int := (n : Int) - (offset : Int)

def Form.eval (x : List Int) (f : Form) : Int :=
  clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) f.shift) (meant f.lo) (meant f.hi)

/-- What the layer before promises. -/
def Values.Hold : Values → List Int → Prop
  | .int32, x => ∀ z ∈ x, Int32 z
  | .int8, x => ∀ z ∈ x, Int8 z

theorem onlyIf_spec {test : Bool} {f : Option Form} {g : Form} (h : onlyIf test f = some g) : test = true ∧ f = some g := by
  cases test with
  | true => exact ⟨rfl, h⟩
  | false => cases h

theorem andThen_spec {f : Option Form} {g : Form → Option Form} {r : Form} (h : andThen f g = some r) :
    ∃ a, f = some a ∧ g a = some r := by
  cases f with
  | none => cases h
  | some a => exact ⟨a, rfl, h⟩

theorem checked_spec {base : Base} {mul const shift lo hi : Nat} {g : Form}
    (h : checked base mul const shift lo hi = some g) :
    g = ⟨base, mul, const, shift, lo, hi⟩ ∧ 1 ≤ const ∧ 1 ≤ lo ∧ 1 ≤ hi := by
  unfold checked at h
  rw [withNat_eq, withNat_eq, withNat_eq] at h
  have h1 := onlyIf_spec h
  have h2 := and_split h1.1
  have h3 := and_split h2.2
  exact ⟨(Option.some.inj h1.2).symm, Nat.le_of_ble_eq_true h2.1, Nat.le_of_ble_eq_true h3.1, Nat.le_of_ble_eq_true h3.2⟩

theorem withConst_spec {k : Int} {g : Nat → Option Form} {r : Form} (h : withConst k g = some r) :
    ∃ n, meant n = k ∧ g n = some r := by
  unfold withConst at h
  rw [withNat_eq] at h
  have h1 := onlyIf_spec h
  have h2 := Nat.le_of_ble_eq_true h1.1
  refine ⟨plus offset k 1, ?_, h1.2⟩
  unfold meant
  cases k with
  | ofNat m =>
    have e : plus offset (.ofNat m) 1 = offset + m * 1 := rfl
    rw [e, Nat.mul_one]
    show ((offset + m : Nat) : Int) - (offset : Int) = (m : Int)
    omega
  | negSucc m =>
    have e : plus offset (.negSucc m) 1 = offset - (m + 1) * 1 := rfl
    rw [e, Nat.mul_one] at h2 ⊢
    rw [negSucc_eq]
    omega

theorem plus_spec {n p : Nat} {k : Int} (h : 1 ≤ plus n k p) : meant (plus n k p) = meant n + k * (p : Int) := by
  unfold meant
  cases k with
  | ofNat m =>
    have e : plus n (.ofNat m) p = n + m * p := rfl
    have e2 : (Int.ofNat m) * (p : Int) = ((m * p : Nat) : Int) := rfl
    rw [e, e2]
    omega
  | negSucc m =>
    have e : plus n (.negSucc m) p = n - (m + 1) * p := rfl
    have e2 : (Int.negSucc m) * (p : Int) = -(((m + 1) * p : Nat) : Int) := by
      have e3 : Int.negSucc m = -((m + 1 : Nat) : Int) := rfl
      rw [e3, Int.neg_mul, Int.natCast_mul]
    rw [e] at h ⊢
    rw [e2]
    omega

theorem scaled_spec {n m : Nat} (h : 1 ≤ scaled n m) : meant (scaled n m) = meant n * (m : Int) := by
  have e : scaled n m = n * m + offset - offset * m := rfl
  unfold meant
  rw [e] at h ⊢
  rw [Int.sub_mul, ← Int.natCast_mul, ← Int.natCast_mul]
  omega

theorem offset_div {k : Nat} (h : k ≤ 127) : 2 ^ k * (offset / 2 ^ k) = offset := by
  obtain ⟨d, hd⟩ := Nat.le.dest h
  have e : offset = 2 ^ k * 2 ^ d := by
    rw [← Nat.pow_add, hd]
    decide +kernel
  have hp : 0 < 2 ^ k := Nat.pow_pos (Nat.le.step Nat.le.refl)
  have e2 : offset / 2 ^ k = 2 ^ d := by
    rw [e]
    exact Nat.mul_div_cancel_left _ hp
  rw [e2]
  exact e.symm

/-- Shifting what `n` means. -/
theorem asr_meant {k : Nat} (h : k ≤ 127) (n : Nat) :
    asr (meant n) k = ((n / 2 ^ k : Nat) : Int) - ((offset / 2 ^ k : Nat) : Int) := by
  have e := offset_div h
  have e1 : meant n = (n : Int) + -((offset / 2 ^ k : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
    unfold meant
    rw [Int.neg_mul, ← Int.natCast_mul, Nat.mul_comm, e]
    omega
  rw [e1, asr_add_mul]
  have e2 : asr (n : Int) k = ((n / 2 ^ k : Nat) : Int) := rfl
  rw [e2]
  omega

theorem down_spec {n k : Nat} (hk : k ≤ 127) : meant (down n k) = asr (meant n) k := by
  have h : offset / 2 ^ k ≤ offset := Nat.div_le_self _ _
  have e : down n k = n / 2 ^ k + offset - offset / 2 ^ k := rfl
  rw [asr_meant hk, e]
  generalize n / 2 ^ k = a
  generalize offset / 2 ^ k = b at h
  unfold meant
  omega

theorem larger_meant (a b : Nat) : meant (larger a b) = Max.max (meant a) (meant b) := by
  unfold larger
  cases h : Nat.ble a b with
  | true =>
    have h1 := Nat.le_of_ble_eq_true h
    show meant b = _
    unfold meant
    omega
  | false =>
    have h1 : ¬ a ≤ b := fun h2 => by rw [Nat.ble_eq_true_of_le h2] at h; cases h
    show meant a = _
    unfold meant
    omega

theorem smaller_meant (a b : Nat) : meant (smaller a b) = Min.min (meant a) (meant b) := by
  unfold smaller
  cases h : Nat.ble a b with
  | true =>
    have h1 := Nat.le_of_ble_eq_true h
    show meant a = _
    unfold meant
    omega
  | false =>
    have h1 : ¬ a ≤ b := fun h2 => by rw [Nat.ble_eq_true_of_le h2] at h; cases h
    show meant b = _
    unfold meant
    omega

/-! ### the operations on forms -/

/-- The ends of a form in order. -/
def Form.Ordered (f : Form) : Prop := meant f.lo ≤ meant f.hi

theorem Form.eval_range {x : List Int} {f : Form} (h : f.Ordered) : meant f.lo ≤ f.eval x ∧ f.eval x ≤ meant f.hi :=
  clamp_range _ h

theorem Form.addConst_spec {x : List Int} {f g : Form} {k : Int} (hl : f.Ordered) (h : f.addConst k = some g) :
    g.Ordered ∧ g.eval x = f.eval x + k := by
  have h1 := checked_spec h
  have ec := plus_spec h1.2.1
  have el := plus_spec h1.2.2.1
  have eh := plus_spec h1.2.2.2
  have one : k * ((1 : Nat) : Int) = k := Int.mul_one k
  rw [one] at el eh
  rw [h1.1]
  refine ⟨?_, ?_⟩
  · show meant (plus f.lo k 1) ≤ meant (plus f.hi k 1)
    unfold Form.Ordered at hl
    omega
  · show clamp (asr ((f.mul : Int) * f.base.eval x + meant (plus f.const k (Nat.pow 2 f.shift))) f.shift)
      (meant (plus f.lo k 1)) (meant (plus f.hi k 1)) = f.eval x + k
    have e2 : ((Nat.pow 2 f.shift : Nat) : Int) = ((2 ^ f.shift : Nat) : Int) := rfl
    rw [ec, el, eh, e2, ← Int.add_assoc, asr_add_mul, clamp_add]
    rfl

theorem Form.shiftRight_spec {x : List Int} {f g : Form} {k : Nat} (hl : f.Ordered) (h : f.shiftRight k = some g) :
    g.Ordered ∧ g.eval x = asr (f.eval x) k := by
  have h0 := onlyIf_spec h
  have hk := Nat.le_of_ble_eq_true h0.1
  have h1 := checked_spec h0.2
  rw [h1.1]
  refine ⟨?_, ?_⟩
  · show meant (down f.lo k) ≤ meant (down f.hi k)
    rw [down_spec hk, down_spec hk]
    exact asr_mono k hl
  · show clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) (f.shift + k)) (meant (down f.lo k)) (meant (down f.hi k)) = _
    rw [down_spec hk, down_spec hk, ← asr_asr]
    exact (clamp_map (f := fun z => asr z k) (fun a b => asr_mono k) hl).symm

theorem Form.times_spec {x : List Int} {f g : Form} {k : Int} (hl : f.Ordered) (h : f.times k = some g) :
    g.Ordered ∧ g.eval x = f.eval x * k := by
  cases k with
  | negSucc m => cases h
  | ofNat m =>
    have h0 := onlyIf_spec h
    have hs : f.shift = 0 := Nat.eq_of_beq_eq_true h0.1
    have h1 := checked_spec h0.2
    have ec := scaled_spec h1.2.1
    have el := scaled_spec h1.2.2.1
    have eh := scaled_spec h1.2.2.2
    have hk : (0 : Int) ≤ (m : Int) := Int.ofNat_le.mpr (Nat.zero_le m)
    have hm : ∀ a b : Int, a ≤ b → a * (m : Int) ≤ b * (m : Int) := fun a b hab => Int.mul_le_mul_of_nonneg_right hab hk
    rw [h1.1]
    refine ⟨?_, ?_⟩
    · show meant (scaled f.lo m) ≤ meant (scaled f.hi m)
      rw [el, eh]
      exact hm _ _ hl
    · show clamp (asr (((f.mul * m : Nat) : Int) * f.base.eval x + meant (scaled f.const m)) f.shift)
        (meant (scaled f.lo m)) (meant (scaled f.hi m)) = f.eval x * (m : Int)
      unfold Form.eval
      rw [clamp_map (f := fun z => z * (m : Int)) hm hl, ec, el, eh, hs, asr_zero, asr_zero, Int.add_mul, Int.natCast_mul]
      rw [Int.mul_assoc, Int.mul_comm (m : Int), ← Int.mul_assoc]

theorem Form.moved_spec {x : List Int} {f g : Form} {bits q : Nat} (hl : f.Ordered) (h : f.moved bits q = some g) :
    g.Ordered ∧ g.eval x = f.eval x - ((q : Int) - ((offset / 2 ^ bits : Nat) : Int)) * ((2 ^ bits : Nat) : Int) := by
  unfold Form.moved at h
  cases hq : Nat.beq q (Nat.div offset (Nat.pow 2 bits)) with
  | true =>
    rw [hq] at h
    have e : q = offset / 2 ^ bits := Nat.eq_of_beq_eq_true hq
    rw [← Option.some.inj h, ← e]
    refine ⟨hl, ?_⟩
    have z : (q : Int) - (q : Int) = 0 := by omega
    rw [z, Int.zero_mul]
    omega
  | false =>
    rw [hq] at h
    have h1 := Form.addConst_spec (x := x) hl h
    refine ⟨h1.1, ?_⟩
    rw [h1.2]
    show f.eval x + -(((q : Int) - ((offset / 2 ^ bits : Nat) : Int)) * ((2 ^ bits : Nat) : Int)) = _
    omega

/-- A wrap-around with the same quotient at both ends. -/
theorem Form.wrapped_spec {x : List Int} {f g : Form} {more bits : Nat} (hl : f.Ordered) (h : f.wrapped more bits = some g) :
    g.Ordered ∧ g.eval x = (f.eval x + (more : Int)) % ((2 ^ bits : Nat) : Int) - (more : Int) := by
  unfold Form.wrapped at h
  rw [withNat_eq] at h
  have h0 := onlyIf_spec h
  have hb := Nat.le_of_ble_eq_true h0.1
  have h1 := onlyIf_spec h0.2
  have e1 : (f.hi + more) / 2 ^ bits = (f.lo + more) / 2 ^ bits := Nat.eq_of_beq_eq_true h1.1
  have h2 := Form.moved_spec (x := x) hl h1.2
  have m1 : ∀ n : Nat, meant (n + more) = meant n + (more : Int) := by
    intro n
    unfold meant
    omega
  have a1 := asr_meant hb (f.lo + more)
  have a2 := asr_meant hb (f.hi + more)
  rw [e1, ← a1, m1, m1] at a2
  have hr := Form.eval_range (x := x) hl
  have a3 : asr (f.eval x + (more : Int)) bits = asr (meant f.lo + (more : Int)) bits :=
    asr_between (a := meant f.lo + (more : Int)) (b := meant f.hi + (more : Int)) rfl a2 (by omega) (by omega)
  refine ⟨h2.1, ?_⟩
  rw [h2.2, emod_of_asr a3, ← m1, a1]
  show f.eval x - (((f.lo + more) / 2 ^ bits : Nat) - ((offset / 2 ^ bits : Nat) : Int)) * _ = _
  omega

theorem Form.signed_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.Ordered) (h : f.signed bits = some g) :
    g.Ordered ∧ g.eval x = signedBits bits (f.eval x) :=
  Form.wrapped_spec (x := x) hl h

theorem Form.unsigned_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.Ordered) (h : f.unsigned bits = some g) :
    g.Ordered ∧ g.eval x = unsignedBits bits (f.eval x) := by
  have h1 := Form.wrapped_spec (x := x) (more := 0) hl h
  refine ⟨h1.1, ?_⟩
  rw [h1.2]
  unfold unsignedBits
  have z : ((0 : Nat) : Int) = 0 := rfl
  rw [z, Int.add_zero]
  omega

theorem Form.atLeast_spec {x : List Int} {f g : Form} {k : Nat} (hl : f.Ordered) (h : f.atLeast k = some g) :
    g.Ordered ∧ g.eval x = Max.max (f.eval x) (meant k) := by
  have h1 := checked_spec h
  rw [h1.1]
  unfold Form.Ordered at hl
  refine ⟨?_, ?_⟩
  · show meant (larger f.lo k) ≤ meant (larger f.hi k)
    rw [larger_meant, larger_meant]
    omega
  · show clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) f.shift) (meant (larger f.lo k)) (meant (larger f.hi k)) = _
    rw [larger_meant, larger_meant]
    unfold Form.eval clamp
    omega

theorem Form.atMost_spec {x : List Int} {f g : Form} {k : Nat} (hl : f.Ordered) (h : f.atMost k = some g) :
    g.Ordered ∧ g.eval x = Min.min (f.eval x) (meant k) := by
  have h1 := checked_spec h
  rw [h1.1]
  unfold Form.Ordered at hl
  refine ⟨?_, ?_⟩
  · show meant (smaller f.lo k) ≤ meant (smaller f.hi k)
    rw [smaller_meant, smaller_meant]
    omega
  · show clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) f.shift) (meant (smaller f.lo k)) (meant (smaller f.hi k)) = _
    rw [smaller_meant, smaller_meant]
    unfold Form.eval clamp
    omega

theorem Form.clamped_spec {x : List Int} {f g : Form} {lo hi : Int} (hl : f.Ordered) (h : f.clamped lo hi = some g) :
    g.Ordered ∧ g.eval x = clamp (f.eval x) lo hi := by
  have h0 := onlyIf_spec h
  have h3 : lo ≤ hi := leInt_spec h0.1
  obtain ⟨l, el, h1⟩ := withConst_spec h0.2
  obtain ⟨u, eu, h2⟩ := withConst_spec h1
  have h4 := checked_spec h2
  have hc : ∀ n, meant (larger l (smaller u n)) = clamp (meant n) lo hi := by
    intro n
    rw [larger_meant, smaller_meant, el, eu]
    rfl
  rw [h4.1]
  refine ⟨?_, ?_⟩
  · show meant (larger l (smaller u f.lo)) ≤ meant (larger l (smaller u f.hi))
    rw [hc, hc]
    exact clamp_mono lo hi hl
  · show clamp (asr ((f.mul : Int) * f.base.eval x + meant f.const) f.shift) (meant (larger l (smaller u f.lo)))
      (meant (larger l (smaller u f.hi))) = _
    rw [hc, hc, ← clamp_clamp hl h3]
    rfl

theorem Base.same_spec {a b : Base} (h : a.same b = true) : a = b := by
  cases a with
  | value i =>
    cases b with
    | value j => rw [Nat.eq_of_beq_eq_true (show Nat.beq i j = true from h)]
    | dot _ _ => cases h
  | dot n w =>
    cases b with
    | value _ => cases h
    | dot m v =>
      have h' := and_split (a := Nat.beq n m) (b := Nat.beq w v) h
      rw [Nat.eq_of_beq_eq_true h'.1, Nat.eq_of_beq_eq_true h'.2]

theorem Form.same_spec {f g : Form} (h : f.same g = true) : f = g := by
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := and_split h2.2
  have h4 := and_split h3.2
  have h5 := and_split h4.2
  have e1 := Base.same_spec h1.1
  have e2 := Nat.eq_of_beq_eq_true h2.1
  have e3 := Nat.eq_of_beq_eq_true h3.1
  have e4 := Nat.eq_of_beq_eq_true h4.1
  have e5 := Nat.eq_of_beq_eq_true h5.1
  have e6 := Nat.eq_of_beq_eq_true h5.2
  cases f
  cases g
  simp only at e1 e2 e3 e4 e5 e6
  rw [e1, e2, e3, e4, e5, e6]

theorem Form.raised_spec {f g : Form} {k : Nat} (x : List Int) (h : f.raised k = some g) : g.eval x = f.eval x := by
  have h1 := checked_spec h
  have ec := scaled_spec h1.2.1
  have e1 : ((Nat.mul f.mul (Nat.pow 2 k) : Nat) : Int) = (f.mul : Int) * ((2 ^ k : Nat) : Int) := Int.natCast_mul _ _
  have e2 : ((Nat.pow 2 k : Nat) : Int) = ((2 ^ k : Nat) : Int) := rfl
  have e3 : (f.mul : Int) * ((2 ^ k : Nat) : Int) * f.base.eval x + meant f.const * ((2 ^ k : Nat) : Int) =
      0 + ((f.mul : Int) * f.base.eval x + meant f.const) * ((2 ^ k : Nat) : Int) := by
    rw [Int.zero_add, Int.add_mul, Int.mul_assoc, Int.mul_comm ((2 ^ k : Nat) : Int), ← Int.mul_assoc]
  have e4 : asr 0 k = 0 := ediv_unique (two_pow_pos k) (by omega) (by have := two_pow_pos k; omega)
  rw [h1.1]
  show clamp (asr (((Nat.mul f.mul (Nat.pow 2 k) : Nat) : Int) * f.base.eval x + meant (scaled f.const (Nat.pow 2 k)))
    (k + f.shift)) (meant f.lo) (meant f.hi) = _
  rw [ec, e1, e2, e3, ← asr_asr, asr_add_mul, e4, Int.zero_add]
  rfl

theorem Form.agrees_spec {f g : Form} (x : List Int) (h : f.agrees g = true) : f.eval x = g.eval x := by
  unfold Form.agrees at h
  rcases or_split h with h1 | h1
  · rw [Form.same_spec h1]
  · cases hr : f.raised (Nat.sub g.shift f.shift) with
    | none => rw [hr] at h1; cases h1
    | some r =>
      rw [hr] at h1
      rw [← Form.same_spec (show r.same g = true from h1), Form.raised_spec x hr]

theorem Form.isNear_spec {x : List Int} {f : Form} {k : Nat} (hl : f.Ordered) (h : f.isNear k = true) :
    f.eval x = meant f.lo ∧ (meant f.lo = meant k ∨ meant f.lo = meant k - 1) := by
  have h1 := and_split h
  have e1 : f.lo = f.hi := Nat.eq_of_beq_eq_true h1.1
  have hr := Form.eval_range (x := x) hl
  rw [← e1] at hr
  refine ⟨by omega, ?_⟩
  unfold meant
  rcases or_split h1.2 with h2 | h2
  · have e2 : f.lo = k := Nat.eq_of_beq_eq_true h2
    omega
  · have e2 : f.lo + 1 = k := Nat.eq_of_beq_eq_true h2
    omega

theorem Form.select_spec {x : List Int} {c a b f : Form} {k : Int} (hc : c.Ordered) (ha : a.Ordered) (hb : b.Ordered)
    (h : c.select k a b = some f) : f.Ordered ∧ f.eval x = if 0 ≤ c.eval x + k then a.eval x else b.eval x := by
  obtain ⟨n, en, h0⟩ := withConst_spec h
  cases hs : a.same c with
  | true =>
    rw [hs] at h0
    have h1 := onlyIf_spec h0
    have e2 := Form.isNear_spec (x := x) hb h1.1
    have e3 := Form.same_spec hs
    have h3 := Form.atLeast_spec (x := x) hc h1.2
    refine ⟨h3.1, ?_⟩
    rw [h3.2, e3]
    split <;> omega
  | false =>
    rw [hs] at h0
    have h1 := onlyIf_spec h0
    have h2 := and_split h1.1
    have e2 := Form.isNear_spec (x := x) ha h2.2
    have e3 := Form.same_spec h2.1
    have h4 := Form.atMost_spec (x := x) hc h1.2
    refine ⟨h4.1, ?_⟩
    rw [h4.2, e3]
    split <;> omega

theorem nth_hold {P : Int → Prop} (h0 : P 0) {x : List Int} (h : ∀ z ∈ x, P z) (i : Nat) : P (nth x i) := by
  induction x generalizing i with
  | nil => exact h0
  | cons z zs ih =>
    cases i with
    | zero => exact h z (.head _)
    | succ i => exact ih (fun y hy => h y (.tail _ hy)) i

theorem unsigned_join (z : Int) : unsignedBits 32 z + asr z 32 * 4294967296 = z := by
  have h := emod_of_asr (z := z) (n := 32) rfl
  unfold unsignedBits
  rw [h]
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  rw [e]
  omega

theorem carry_eq (z k : Int) : asr z 32 + asr (unsignedBits 32 z + k) 32 = asr (z + k) 32 := by
  have h := unsigned_join z
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h2 := asr_add_mul (unsignedBits 32 z + k) (asr z 32) 32
  rw [e] at h2
  have h3 : unsignedBits 32 z + k + asr z 32 * 4294967296 = z + k := by omega
  rw [h3] at h2
  omega

/-- A base within its bounds is its own form. -/
theorem base_form {x : List Int} {b : Base} {l h : Nat} {g : Form} (hf : checked b 1 offset 0 l h = some g)
    (h1 : meant l ≤ b.eval x) (h2 : b.eval x ≤ meant h) : g.Ordered ∧ g.eval x = b.eval x := by
  have h3 := checked_spec hf
  rw [h3.1]
  refine ⟨Int.le_trans h1 h2, ?_⟩
  show clamp (asr (((1 : Nat) : Int) * b.eval x + meant offset) 0) (meant l) (meant h) = b.eval x
  have e : meant offset = 0 := by unfold meant; omega
  have e1 : ((1 : Nat) : Int) = 1 := rfl
  rw [e, e1, Int.one_mul, Int.add_zero, asr_zero]
  exact clamp_eq h1 h2

/-- A normal form has the value of its expression. -/
theorem Expr.form_eval {v : Values} {x : List Int} (hx : v.Hold x) (e : Expr) :
    ∀ {f : Form}, e.form v = some f → f.Ordered ∧ f.eval x = e.eval x := by
  have ho : (offset : Int) = 170141183460469231731687303715884105728 := rfl
  induction e with
  | value i =>
    intro f h
    cases v with
    | int32 =>
      have hr : Int32 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      have m1 : meant (Nat.sub offset 2147483648) = -2147483648 := by decide +kernel
      have m2 : meant (Nat.add offset 2147483647) = 2147483647 := by decide +kernel
      exact base_form (x := x) (b := .value i) h (by rw [m1]; exact hr.1) (by rw [m2]; exact hr.2)
    | int8 =>
      have hr : Int8 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      have m1 : meant (Nat.sub offset 128) = -128 := by decide +kernel
      have m2 : meant (Nat.add offset 127) = 127 := by decide +kernel
      exact base_form (x := x) (b := .value i) h (by rw [m1]; exact hr.1) (by rw [m2]; exact hr.2)
  | dot n weights =>
    intro f h
    cases v with
    | int32 => cases h
    | int8 =>
      unfold Expr.form at h
      rw [withNat_eq] at h
      have h1 := onlyIf_spec h
      have h2 := and_split h1.1
      have hn := Nat.le_of_ble_eq_true h2.1
      have hp : weights + 1 ≤ 256 ^ n := Nat.le_of_ble_eq_true h2.2
      have hb := absSum_products_le (unpack n weights) x hx
      have hs := natAbs_sum_le (products (unpack n weights) x)
      have ha := absSumFast_eq n weights hn (by omega)
      have h3 := (checked_spec h1.2).2.2.1
      have e1 : Nat.sub offset (Nat.mul 128 (absSumFast n weights)) = offset - 128 * absSumFast n weights := rfl
      have e2 : Nat.add offset (Nat.mul 128 (absSumFast n weights)) = offset + 128 * absSumFast n weights := rfl
      have ev : (Base.dot n weights).eval x = TinyVerify.sum (products (unpack n weights) x) := rfl
      rw [e1] at h3
      refine base_form (x := x) (b := .dot n weights) h1.2 ?_ ?_
      · rw [e1, ev]
        unfold meant
        omega
      · rw [e2, ev]
        unfold meant
        omega
  | const k =>
    intro f h
    obtain ⟨n, en, h0⟩ := withConst_spec h
    have h1 := checked_spec h0
    rw [h1.1]
    refine ⟨Int.le_refl _, ?_⟩
    show TinyVerify.clamp (asr (((0 : Nat) : Int) * nth x 0 + meant n) 0) (meant n) (meant n) = k
    rw [en]
    unfold TinyVerify.clamp
    omega
  | add e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.addConst_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | mul e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.times_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | floor e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.shiftRight_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | signed e bits ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.signed_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | unsigned e bits ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.unsigned_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | clamp e lo hi ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.clamped_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | max e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨n, en, hc⟩ := withConst_spec hb
    have h1 := ih ha
    have h2 := Form.atLeast_spec (x := x) h1.1 hc
    exact ⟨h2.1, by rw [h2.2, h1.2, en]; rfl⟩
  | min e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨n, en, hc⟩ := withConst_spec hb
    have h1 := ih ha
    have h2 := Form.atMost_spec (x := x) h1.1 hc
    exact ⟨h2.1, by rw [h2.2, h1.2, en]; rfl⟩
  | select c m k a b ihc iha ihb =>
    intro f h
    obtain ⟨fc, hc, h0⟩ := andThen_spec h
    obtain ⟨fa, ha, h1⟩ := andThen_spec h0
    obtain ⟨fb, hb, h2⟩ := andThen_spec h1
    have ec := ihc hc
    have ea := iha ha
    have eb := ihb hb
    show f.Ordered ∧ f.eval x = if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
    rw [← ec.2, ← ea.2, ← eb.2]
    cases hm : eqInt m 1 with
    | true =>
      rw [hm] at h2
      have h3 := Form.select_spec (x := x) ec.1 ea.1 eb.1 h2
      rw [eqInt_spec hm, Int.mul_one]
      exact h3
    | false =>
      rw [hm] at h2
      have h4 := onlyIf_spec h2
      have m1 := eqInt_spec h4.1
      have h3 := Form.select_spec (x := x) ec.1 eb.1 ea.1 h4.2
      refine ⟨h3.1, ?_⟩
      rw [h3.2, m1]
      by_cases t : 0 ≤ fc.eval x + (-k - 1)
      · rw [if_pos t, if_neg (by omega)]
      · rw [if_neg t, if_pos (by omega)]
  | join low high ihl ihh =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    obtain ⟨w, hw, hd⟩ := andThen_spec hc
    obtain ⟨s, hs, he⟩ := andThen_spec hd
    have h1 := ihl ha
    have h2 := ihh hg
    have h3 := Form.signed_spec (x := x) h1.1 hw
    have h4 := onlyIf_spec he
    have h5 := and_split h4.1
    have h6 := Form.shiftRight_spec (x := x) h1.1 hs
    have e1 := Form.same_spec h5.1
    have e2 := Form.same_spec h5.2
    rw [← Option.some.inj h4.2]
    refine ⟨h1.1, ?_⟩
    show a.eval x = signedBits 64 (unsignedBits 32 (low.eval x) + high.eval x * 4294967296)
    rw [← h2.2, e1, h6.2, ← h1.2, unsigned_join, ← h3.2, e2]
  | carry e low k ihe ihl =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    obtain ⟨s, hs, hd⟩ := andThen_spec hc
    have h1 := ihl ha
    have h2 := ihe hg
    have h4 := onlyIf_spec hd
    have e1 := Form.same_spec h4.1
    obtain ⟨t, ht, hu⟩ := andThen_spec h4.2
    have h5 := Form.shiftRight_spec (x := x) h1.1 hs
    have h6 := Form.addConst_spec (x := x) h1.1 ht
    have h7 := Form.shiftRight_spec (x := x) h6.1 hu
    refine ⟨h7.1, ?_⟩
    show f.eval x = e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32
    rw [← h2.2, e1, h5.2, ← h1.2, carry_eq, h7.2, h6.2]

end TinyVerify.ObjectCode
