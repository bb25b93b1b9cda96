import TinyVerify.ObjectCode.Border
import TinyVerify.ObjectCode.ScalarBorder
import TinyVerify.ObjectCode.Tidy
/-!
# Layers of a recorded run that pass their checks have the policy's values

Main results: `codes_eq`, `layers_eq`, `last_eq`.
-/
namespace TinyVerify.ObjectCode

theorem requantizeExpr_eval {mode : Rounding} {e s : Expr} {p : RequantizeParams}
    (h : requantizeExpr mode e p = some s) (x : List Int) : s.eval x = requantize mode (e.eval x) p := by
  cases mode with
  | doubleTiesUp =>
    rw [← Option.some.inj h]
    rfl
  | doubleTiesAway => cases h
  | singleTiesUp =>
    rw [← Option.some.inj h]
    rfl

theorem Dense.expr_eval (d : Dense) (r : Row) (x : List Int) :
    (Dense.expr d r).eval x = accumulate r.bias (d.weights r) x := by
  show sum (products (unpack d.inputs r.packed) x) + r.bias = r.bias + sum (products (unpack d.inputs r.packed) x)
  omega

theorem converted_int32 (bits factor : Nat) : Int32 (converted bits factor) := by
  unfold converted
  split
  · exact ⟨by decide, by decide⟩
  · split
    · split
      · exact ⟨by decide, by decide⟩
      · exact ⟨by decide, by decide⟩
    · exact clamp_range _ (by decide)

theorem Border.eval_int32 (bits : Nat) (b : Border) : Int32 (b.eval bits) := by
  cases b with
  | vector factor => exact converted_int32 bits factor
  | scalar e =>
    show Int32 (truncated (e.eval bits))
    unfold truncated
    split
    · exact clamp_range _ (by decide)
    · exact ⟨by decide, by decide⟩

theorem convertAll_int32 : ∀ (borders : List Border) (bits : List Nat), ∀ z ∈ convertAll borders bits, Int32 z := by
  intro borders
  induction borders with
  | nil => intro bits z hz; cases hz
  | cons f fs ih =>
    intro bits z hz
    cases bits with
    | nil => cases hz
    | cons b bs =>
      cases hz with
      | head => exact Border.eval_int32 b f
      | tail _ h => exact ih bs z h

theorem clamp_border (m : Int) {z : Int} (hz : Int8 z) :
    clamp (clamp m (-2147483648) 2147483647 + z) (-128) 127 = clamp m (-128 - z) (127 - z) + z := by
  have h1 := hz.1
  have h2 := hz.2
  unfold clamp
  omega

/-- The zero point and the saturation to int8 after the conversion make `quantize_f32`. -/
theorem quantizeF32_converted (bits : Nat) {factor : Nat} (hf : factorOk factor = true) {z : Int} (hz : Int8 z) :
    clamp (converted bits factor + z) (-128) 127 = quantizeF32 bits factor z := by
  have h1 := hz.1
  have h2 := hz.2
  unfold converted quantizeF32
  rw [vectorProduct_eq bits hf]
  split
  · unfold clamp
    omega
  · split
    · split
      · unfold clamp
        omega
      · unfold clamp
        omega
    · exact clamp_border _ hz

/-- A code that passes its check is the reference's. -/
theorem Border.ok_spec {x : List Int} (hx : ∀ z ∈ x, Int32 z) {f : Feature} (hz : Int8 f.zeroPoint) {e : Expr} {i bits : Nat}
    {b : Border} (hb : nth x i = b.eval bits) (h : b.ok f e i = true) : e.eval x = quantizeF32 bits f.invScale f.zeroPoint := by
  cases b with
  | vector factor =>
    have h1 := and_split (a := Nat.beq f.invScale factor && factorOk factor) h
    have h2 := and_split h1.1
    have e0 := Expr.agrees_spec (v := .int32) (x := x) hx h1.2
    rw [e0]
    show clamp (nth x i + f.zeroPoint) (-128) 127 = _
    rw [hb, Nat.eq_of_beq_eq_true h2.1]
    exact quantizeF32_converted bits h2.2 hz
  | scalar s =>
    have h1 := and_split (b := (e.within i (-128 - f.zeroPoint) (127 - f.zeroPoint)).isCode i f.zeroPoint) h
    have h2 := and_split h1.1
    have e0 := Expr.agrees_spec (v := .int32) (x := x) hx h1.2
    have r := quantizeF32_scalar_range bits hz h2.1
    have e1 : nth x i = truncated (s.eval bits) := hb
    rw [← e1] at r
    rw [Expr.within_eval r.1 r.2] at e0
    rw [e0]
    show clamp (nth x i + f.zeroPoint) (-128) 127 = _
    rw [clamp_eq (by omega) (by omega), e1]
    exact quantizeF32_scalar bits hz h2.1

theorem codes_eq {x : List Int} (hx : ∀ z ∈ x, Int32 z) (fs : List Feature) :
    ∀ (borders : List Border) (bits : List Nat) (es : List Expr) (i : Nat), bits.length = fs.length →
      (∀ j, nth x (i + j) = nth (convertAll borders bits) j) → codesOk fs borders es i = true →
      evalAll x es = quantizeAll fs bits ∧ ∀ z ∈ quantizeAll fs bits, Int8 z := by
  induction fs with
  | nil =>
    intro borders bits es i _ _ h
    cases borders with
    | nil =>
      cases es with
      | nil => exact ⟨rfl, fun z hz => by cases hz⟩
      | cons _ _ => cases h
    | cons _ _ => cases h
  | cons f fs ih =>
    intro borders bits es i hl hn h
    cases borders with
    | nil => cases h
    | cons border borders =>
      cases es with
      | nil => cases h
      | cons e es =>
        cases bits with
        | nil => cases hl
        | cons b bs =>
          have h1 := and_split (a := border.ok f e i) h
          have h2 := and_split h1.2
          have h3 := and_split h2.1
          have hz : Int8 f.zeroPoint := ⟨of_decide_eq_true h3.1, of_decide_eq_true h3.2⟩
          have e2 := Border.ok_spec hx hz (bits := b) (hn 0) h1.1
          have h5 := ih borders bs es (i + 1) (Nat.succ.inj hl)
            (fun j => by
              have h6 := hn (j + 1)
              have h7 : i + (j + 1) = i + 1 + j := by omega
              rw [h7] at h6
              exact h6) h2.2
          refine ⟨?_, ?_⟩
          · show e.eval x :: evalAll x es = quantizeF32 b f.invScale f.zeroPoint :: quantizeAll fs bs
            rw [e2, h5.1]
          · intro z hz
            cases hz with
            | head => exact quantizeF32_int8 b f.invScale ⟨of_decide_eq_true h3.1, of_decide_eq_true h3.2⟩
            | tail _ hm => exact h5.2 z hm

theorem hidden_eq {mode : Rounding} {l : Hidden} {x : List Int} (hx : ∀ z ∈ x, Int8 z) (scales : List Scale) :
    ∀ (rows : List Row) (es : List Expr), hiddenOk mode l scales rows es = true →
      evalAll x es = requantizeAll mode l scales (evalRows l.dense x rows) := by
  induction scales with
  | nil =>
    intro rows es h
    cases rows with
    | nil =>
      cases es with
      | nil => rfl
      | cons _ _ => cases h
    | cons _ _ => cases h
  | cons s ss ih =>
    intro rows es h
    cases rows with
    | nil => cases h
    | cons r rs =>
      cases es with
      | nil => cases h
      | cons e es =>
        have h1 := and_split (b := hiddenOk mode l ss rs es) h
        obtain ⟨t, ht, he⟩ := agreesSome_spec (v := .int8) (x := x) hx h1.1
        show e.eval x :: evalAll x es =
          requantize mode (accumulate r.bias (l.dense.weights r) x) (l.params s) :: requantizeAll mode l ss (evalRows l.dense x rs)
        rw [he, requantizeExpr_eval ht, Dense.expr_eval, ih rs es h1.2]

theorem requantizeAll_int8 (mode : Rounding) {l : Hidden} (h1 : -128 ≤ l.zeroPoint) (h2 : l.zeroPoint ≤ 127)
    (scales : List Scale) : ∀ accs : List Int, ∀ z ∈ requantizeAll mode l scales accs, Int8 z := by
  induction scales with
  | nil => intro accs z hz; cases hz
  | cons s ss ih =>
    intro accs z hz
    cases accs with
    | nil => cases hz
    | cons a as =>
      cases hz with
      | head =>
        have h := requantize_range mode a (l.params s) h2
        have e1 : (l.params s).lo = l.zeroPoint := rfl
        have e2 : (l.params s).hi = 127 := rfl
        rw [e1, e2] at h
        exact ⟨by omega, h.2⟩
      | tail _ hm => exact ih as z hm

theorem layers_eq {mode : Rounding} (ls : List Hidden) :
    ∀ (layers : List (List Expr)) (x : List Int), (∀ z ∈ x, Int8 z) → layersOk mode ls layers = true →
      runLayers layers x = runHidden mode ls x ∧ ∀ z ∈ runHidden mode ls x, Int8 z := by
  induction ls with
  | nil =>
    intro layers x hx h
    cases layers with
    | nil => exact ⟨rfl, hx⟩
    | cons _ _ => cases h
  | cons l ls ih =>
    intro layers x hx h
    cases layers with
    | nil => cases h
    | cons es rest =>
      have h1 := and_split h
      have h2 := and_split h1.1
      have h3 := and_split h1.2
      have e := hidden_eq hx l.scales l.dense.rows es h3.1
      have hy := requantizeAll_int8 mode (of_decide_eq_true h2.1) (of_decide_eq_true h2.2) l.scales (l.dense.eval x)
      have h4 := ih rest (l.eval mode x) hy h3.2
      show runLayers rest (evalAll x es) = runHidden mode ls (l.eval mode x) ∧
        ∀ z ∈ runHidden mode ls (l.eval mode x), Int8 z
      rw [e]
      exact h4

theorem Expr.fits_spec {v : Values} {x : List Int} (hx : v.Hold x) {limit : Nat} {e : Expr} (h : e.fits v limit = true) :
    -(limit : Int) ≤ e.eval x ∧ e.eval x < (limit : Int) := by
  unfold Expr.fits at h
  cases hf : e.form v with
  | none => rw [hf] at h; cases h
  | some f =>
    rw [hf] at h
    have h0 := and_split (a := Nat.ble limit offset) h
    have h1 := and_split (a := Nat.ble (Nat.sub offset limit) f.lo) h0.2
    have l0 : limit ≤ offset := Nat.le_of_ble_eq_true h0.1
    have l1 : offset - limit ≤ f.lo := Nat.le_of_ble_eq_true h1.1
    have l2 : f.hi + 1 ≤ offset + limit := Nat.le_of_ble_eq_true h1.2
    have h2 := Expr.form_eval hx e hf
    have h3 := Form.eval_range (x := x) h2.1
    rw [h2.2] at h3
    unfold meant at h3
    exact ⟨by omega, by omega⟩

theorem last_eq {d : Dense} {x : List Int} (hx : ∀ z ∈ x, Int8 z) {limit : Nat} (rows : List Row) :
    ∀ es : List Expr, lastOk d limit rows es = true →
      evalAll x es = evalRows d x rows ∧ ∀ z ∈ evalRows d x rows, -(limit : Int) ≤ z ∧ z < (limit : Int) := by
  induction rows with
  | nil =>
    intro es h
    cases es with
    | nil => exact ⟨rfl, fun z hz => by cases hz⟩
    | cons _ _ => cases h
  | cons r rs ih =>
    intro es h
    cases es with
    | nil => cases h
    | cons e es =>
      have h1 := and_split (a := e.agrees .int8 (Dense.expr d r)) h
      have h2 := and_split h1.2
      have e1 := Expr.agrees_spec (v := .int8) (x := x) hx h1.1
      have e2 := Expr.fits_spec (v := .int8) (x := x) hx h2.1
      have h3 := ih es h2.2
      rw [Dense.expr_eval] at e1
      refine ⟨?_, ?_⟩
      · show e.eval x :: evalAll x es = accumulate r.bias (d.weights r) x :: evalRows d x rs
        rw [e1, h3.1]
      · intro z hz
        cases hz with
        | head => rw [← e1]; exact e2
        | tail _ hm => exact h3.2 z hm

end TinyVerify.ObjectCode
