import TinyVerify.ObjectCode.Readings
/-!
# A normal form has the value of its expression

Main results: `Expr.reading_eval`, `Expr.form_eval`.
-/
namespace TinyVerify.ObjectCode

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

/-- What is read of an expression holds of its value. -/
theorem Expr.reading_eval {v : Values} {x : List Int} (hx : v.Hold x) (e : Expr) :
    ∀ {r : Reading}, e.reading v = some r → r.Means x (e.eval x) := by
  have form : ∀ {e : Expr}, (∀ {r : Reading}, e.reading v = some r → r.Means x (e.eval x)) →
      ∀ {f : Form}, Reading.form (e.reading v) = some f → f.Ordered ∧ f.eval x = e.eval x :=
    fun ih _ h => ih (Reading.form_spec h)
  have ho : (offset : Int) = 170141183460469231731687303715884105728 := rfl
  induction e with
  | value i =>
    intro r h
    cases v with
    | int32 =>
      unfold Expr.reading at h
      obtain ⟨f, h, hr⟩ := asWhole_spec h
      have hv : Int32 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      have m1 : meant (Nat.sub offset 2147483648) = -2147483648 := by decide +kernel
      have m2 : meant (Nat.add offset 2147483647) = 2147483647 := by decide +kernel
      rw [hr]
      exact base_form (x := x) (b := .value i) h (by rw [m1]; exact hv.1) (by rw [m2]; exact hv.2)
    | int8 =>
      unfold Expr.reading at h
      obtain ⟨f, h, hr⟩ := asWhole_spec h
      have hv : Int8 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      have m1 : meant (Nat.sub offset 128) = -128 := by decide +kernel
      have m2 : meant (Nat.add offset 127) = 127 := by decide +kernel
      rw [hr]
      exact base_form (x := x) (b := .value i) h (by rw [m1]; exact hv.1) (by rw [m2]; exact hv.2)
  | dot n weights =>
    intro r h
    cases v with
    | int32 => cases h
    | int8 =>
      obtain ⟨f, h, hr⟩ := asWhole_spec h
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
      rw [hr]
      refine base_form (x := x) (b := .dot n weights) h1.2 ?_ ?_
      · rw [e1, ev]
        unfold meant
        omega
      · rw [e2, ev]
        unfold meant
        omega
  | const k =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨n, en, h0⟩ := withConst_spec h
    have h1 := checked_spec h0
    rw [hr, h1.1]
    refine ⟨Int.le_refl _, ?_⟩
    show TinyVerify.clamp (asr (((0 : Nat) : Int) * nth x 0 + meant n) 0) (meant n) (meant n) = k
    rw [en]
    unfold TinyVerify.clamp
    omega
  | add e k ih =>
    intro r h
    obtain ⟨a, ha, hb⟩ := andRead_spec h
    exact Reading.add_spec (ih ha) hb
  | mul e k ih =>
    intro r h
    obtain ⟨a, ha, hb⟩ := andRead_spec h
    exact Reading.mul_spec (ih ha) hb
  | floor e k ih =>
    intro r h
    obtain ⟨a, ha, hb⟩ := andRead_spec h
    exact Reading.floor_spec (ih ha) hb
  | signed e bits ih =>
    intro r h
    obtain ⟨a, ha, hb⟩ := andRead_spec h
    exact Reading.signed_spec (ih ha) hb
  | unsigned e bits ih =>
    intro r h
    obtain ⟨a, ha, hb⟩ := andRead_spec h
    exact Reading.unsigned_spec (ih ha) hb
  | clamp e lo hi ih =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := form ih ha
    have h2 := Form.clamped_spec (x := x) h1.1 hb
    rw [hr]
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | max e k ih =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨n, en, hc⟩ := withConst_spec hb
    have h1 := form ih ha
    have h2 := Form.atLeast_spec (x := x) h1.1 hc
    rw [hr]
    exact ⟨h2.1, by rw [h2.2, h1.2, en]; rfl⟩
  | min e k ih =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨n, en, hc⟩ := withConst_spec hb
    have h1 := form ih ha
    have h2 := Form.atMost_spec (x := x) h1.1 hc
    rw [hr]
    exact ⟨h2.1, by rw [h2.2, h1.2, en]; rfl⟩
  | select c m k a b ihc iha ihb =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨fc, hc, h0⟩ := andThen_spec h
    obtain ⟨fa, ha, h1⟩ := andThen_spec h0
    obtain ⟨fb, hb, h2⟩ := andThen_spec h1
    have ec := form ihc hc
    have ea := form iha ha
    have eb := form ihb hb
    rw [hr]
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
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    obtain ⟨w, hw, hd⟩ := andThen_spec hc
    obtain ⟨s, hs, he⟩ := andThen_spec hd
    have h1 := form ihl ha
    have h2 := form ihh hg
    have h3 := Form.signed_spec (x := x) h1.1 hw
    have h4 := onlyIf_spec he
    have h5 := and_split h4.1
    have h6 := Form.shiftRight_spec (x := x) h1.1 hs
    have e1 := Form.same_spec h5.1
    have e2 := Form.same_spec h5.2
    rw [hr, ← Option.some.inj h4.2]
    refine ⟨h1.1, ?_⟩
    show a.eval x = signedBits 64 (unsignedBits 32 (low.eval x) + high.eval x * 4294967296)
    rw [← h2.2, e1, h6.2, ← h1.2, unsigned_join, ← h3.2, e2]
  | carry e low k ihe ihl =>
    intro r h
    obtain ⟨f, h, hr⟩ := asWhole_spec h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    obtain ⟨s, hs, hd⟩ := andThen_spec hc
    have h2 := form ihe hg
    have h4 := onlyIf_spec hd
    have e1 := Form.same_spec h4.1
    obtain ⟨t, ht, hu⟩ := andThen_spec h4.2
    cases hl : low.reading v with
    | none => rw [hl] at ha; cases ha
    | some w =>
      rw [hl] at ha
      have h1 := Reading.word_spec (ihl hl) ha
      have h5 := Form.shiftRight_spec (x := x) h1.1 hs
      have h6 := Form.addConst_spec (x := x) h1.1 ht
      have h7 := Form.shiftRight_spec (x := x) h6.1 hu
      rw [hr]
      refine ⟨h7.1, ?_⟩
      show f.eval x = e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32
      rw [← h2.2, e1, h5.2, h1.2, carry_eq, h7.2, h6.2]
  | plus a b iha ihb =>
    intro r h
    obtain ⟨s, hs, h1⟩ := andRead_spec h
    obtain ⟨t, ht, h2⟩ := andRead_spec h1
    exact Reading.plus_spec (iha hs) (ihb ht) h2

/-- A normal form has the value of its expression. -/
theorem Expr.form_eval {v : Values} {x : List Int} (hx : v.Hold x) (e : Expr) {f : Form} (h : e.form v = some f) :
    f.Ordered ∧ f.eval x = e.eval x :=
  Expr.reading_eval hx e (Reading.form_spec h)

end TinyVerify.ObjectCode
