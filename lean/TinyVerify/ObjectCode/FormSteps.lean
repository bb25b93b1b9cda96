import TinyVerify.ObjectCode.FormNumbers
/-!
# What each operation on normal forms does to their value

One theorem an operation of `Form.lean`: sums, products, shifts, wrap-arounds, bounds, and when two forms agree.
-/
namespace TinyVerify.ObjectCode

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

theorem Form.areConst_spec {f g : Form} (x : List Int) (hf : f.Ordered) (hg : g.Ordered) (h : f.areConst g = true) :
    f.eval x = g.eval x := by
  have h1 := and_split h
  have h2 := and_split h1.2
  have rf := Form.eval_range (x := x) hf
  have rg := Form.eval_range (x := x) hg
  rw [← Nat.eq_of_beq_eq_true h1.1] at rf
  rw [← Nat.eq_of_beq_eq_true h2.1, ← Nat.eq_of_beq_eq_true h2.2] at rg
  omega

theorem Form.agrees_spec {f g : Form} (x : List Int) (hf : f.Ordered) (hg : g.Ordered) (h : f.agrees g = true) :
    f.eval x = g.eval x := by
  unfold Form.agrees at h
  rcases or_split h with h1 | h1
  · rcases or_split h1 with h2 | h2
    · rw [Form.same_spec h2]
    · exact Form.areConst_spec x hf hg h2
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

end TinyVerify.ObjectCode
