import TinyVerify.ObjectCode.Distributions
import TinyVerify.ObjectCode.Faults
import TinyVerify.ObjectCode.Layers
import TinyVerify.ObjectCode.Logits
/-!
# A recorded run that passes its check computes the policy

Main result: `Program.computes_of_ok`.
-/
namespace TinyVerify.ObjectCode

/-! ### the head -/

theorem length_evalRows (d : Dense) (x : List Int) (rows : List Row) : (evalRows d x rows).length = rows.length := by
  induction rows with
  | nil => rfl
  | cons r rs ih =>
    show (evalRows d x rs).length + 1 = rs.length + 1
    rw [ih]

theorem Last.eval_eq {x : List Int} (hx : ∀ z ∈ x, Int32 z) (unknowns : List Int) {n : Nat} (hn : x.length = n)
    {a : Last} {head : Head} (h : a.ok n head = true) : a.eval x unknowns = actionOf head x := by
  have hi : ∀ i, Int32 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx
  cases a with
  | index s =>
    cases head with
    | discrete _ =>
      rw [← hn] at h
      exact Selection.isArgMax_spec hi unknowns h
    | continuous _ => cases h
  | table e packed =>
    cases head with
    | discrete _ => cases h
    | continuous g =>
      have h1 := and_split (a := agreesSome .int32 e (tanhIndexExpr g (requantize g.mode 0 g.noise))) h
      obtain ⟨t, ht, he⟩ := agreesSome_spec (v := .int32) (x := x) hx h1.1
      have hp : packed = g.tanh := Nat.eq_of_beq_eq_true h1.2
      show nth (unpack 256 packed) (Int.toNat (e.eval x)) =
        nth (unpack 256 g.tanh) (Int.toNat (clamp (requantize g.mode (nth x 0) g.mean +
          requantize g.mode (Gaussian.entry g.std (g.logStdIndex (nth x 1)) * 0) g.noise) (-128) 127 + 128))
      rw [hp, he, Int.mul_zero]
      unfold tanhIndexExpr at ht
      cases hr : requantizeExpr g.mode (.value 0) g.mean with
      | none => rw [hr] at ht; cases ht
      | some s =>
        rw [hr] at ht
        rw [← Option.some.inj ht]
        show nth (unpack 256 g.tanh) (Int.toNat (clamp (s.eval x + requantize g.mode 0 g.noise) (-128) 127 + 128)) = _
        rw [requantizeExpr_eval hr]
        rfl

theorem indicesOk_length {h : Softmax} {n : Nat} (es : List Expr) :
    ∀ {i : Nat}, indicesOk h n es i = true → i + es.length = n := by
  induction es with
  | nil => intro i hi; exact Nat.eq_of_beq_eq_true hi
  | cons e es ih =>
    intro i hi
    have h1 := and_split (a := agreesSome .int32 e (weightIndexExpr h i)) hi
    have h2 := ih h1.2
    have l : (e :: es).length = es.length + 1 := rfl
    omega

theorem indices_eq {h : Softmax} {x : List Int} (hx : ∀ z ∈ x, Int32 z) (es : List Expr) :
    ∀ {i : Nat} {rest : List Int}, From x i rest → indicesOk h x.length es i = true →
      evalAll x es = mapInt (fun z => h.code z + 128) rest := by
  induction es with
  | nil =>
    intro i rest hf hi
    have e := indicesOk_length [] hi
    cases rest with
    | nil => rfl
    | cons z zs =>
      have h1 := hf.1
      have l : (z :: zs).length = zs.length + 1 := rfl
      have l0 : ([] : List Expr).length = 0 := rfl
      omega
  | cons e es ih =>
    intro i rest hf hi
    have hlen := indicesOk_length _ hi
    have h1 := and_split (a := agreesSome .int32 e (weightIndexExpr h i)) hi
    cases rest with
    | nil =>
      have h2 := hf.1
      have l : (e :: es).length = es.length + 1 := rfl
      have l0 : ([] : List Int).length = 0 := rfl
      omega
    | cons z zs =>
      have hn := hf.next
      obtain ⟨t, ht, he⟩ := agreesSome_spec (v := .int32) (x := x) hx h1.1
      have e1 : e.eval x = h.code z + 128 := by
        rw [he]
        unfold weightIndexExpr at ht
        cases hr : requantizeExpr h.mode (.value i) h.params with
        | none => rw [hr] at ht; cases ht
        | some s =>
          rw [hr] at ht
          rw [← Option.some.inj ht]
          show s.eval x + 128 = requantize h.mode z h.params + 128
          rw [requantizeExpr_eval hr, ← hn.1]
          rfl
      show e.eval x :: evalAll x es = (h.code z + 128) :: mapInt (fun z => h.code z + 128) zs
      rw [e1, ih hn.2 h1.2]

/-- The bytes that are read are the weights, and what is stored are these and the probabilities. -/
theorem distribution_eq {d : Distribution} {h : Softmax} {last : Dense} {x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (unknowns : List Int) (hd : d.ok h last last.rows.length = true) :
    wordsOf (d.bytes x (last.eval x) unknowns) d.weights = h.weights (last.eval x) ∧
    wordsOf (quotientsOf (d.bytes x (last.eval x) unknowns) d.quotients) d.probabilities = probabilities (h.weights (last.eval x)) := by
  have h1 := and_split hd
  have h2 := and_split h1.1
  have h4 := and_split h1.2
  have h5 := and_split h4.1
  have h6 := and_split (a := Nat.beq d.table h.exp) h5.2
  have h7 := and_split h4.2
  have h8 := and_split (a := quotientsOk last.rows.length 127 d.quotients 0) h7.2
  have hs := last_eq hx last.rows d.subtracted h2.2
  have hn : (last.eval x).length = last.rows.length := length_evalRows last x last.rows
  have half : ∀ z ∈ last.eval x, Half32 z := hs.2
  have e : evalAll x d.subtracted = last.eval x := hs.1
  have some : 1 ≤ last.rows.length := Nat.le_of_ble_eq_true (and_split h2.1).1
  generalize last.eval x = accs at hn half e
  cases accs with
  | nil =>
    have l : ([] : List Int).length = 0 := rfl
    omega
  | cons z zs =>
    have words : ∀ y ∈ z :: zs, Int32 y := fun y hy => by
      have := half y hy
      exact ⟨by have := this.1; omega, by have := this.2; omega⟩
    have top : d.largest.eval (z :: zs) unknowns = maximum (z :: zs) :=
      Selection.isLargest_spec (nth_hold ⟨by decide, by decide⟩ words) unknowns (hn ▸ h2.1)
    have diff := differences_eq (half _ (maximum_mem z zs)) half
    have hl : (differences (maximum (z :: zs)) (z :: zs)).length = last.rows.length := by
      rw [diff.1, length_mapInt]
      exact hn
    have bytes : d.bytes x (z :: zs) unknowns = h.weights (z :: zs) := by
      unfold Distribution.bytes
      rw [e, top, indices_eq diff.2 d.indices (.all _) (hl ▸ h5.1), Nat.eq_of_beq_eq_true h6.1, diff.1]
      exact (bytesAt_eq h6.2 _ _).1
    rw [bytes]
    exact stored_eq ((length_weightsFrom h _ _).trans hn) (bytesAt_eq h6.2 _ _).2 h7.1 h8.1 h8.2

theorem logits_eq {x : List Int} (hx : ∀ z ∈ x, Int32 z) (scales : List Nat) :
    ∀ (accs : List Int) (ss : List Scaled) (i : Nat), scales.length = accs.length →
      (∀ j, nth x (i + j) = nth accs j) → logitsOk scales ss i = true → scaleAll x ss = logitsOf scales accs := by
  induction scales with
  | nil =>
    intro accs ss i _ _ h
    cases ss with
    | nil => rfl
    | cons _ _ => cases h
  | cons scale scales ih =>
    intro accs ss i hl hn h
    cases ss with
    | nil => cases h
    | cons s ss =>
      cases accs with
      | nil => cases hl
      | cons acc accs =>
        have h1 := and_split (a := Nat.beq s.factor scale && factorOk scale) h
        have h2 := and_split h1.1
        have h3 := and_split h1.2
        have e0 := Expr.agrees_spec (v := .int32) (x := x) hx h3.1
        have e1 : nth x i = acc := hn 0
        have e2 : s.value.eval x = acc := by
          rw [e0]
          exact e1
        have h4 := ih accs ss (i + 1) (Nat.succ.inj hl)
          (fun j => by
            have h6 := hn (j + 1)
            have h7 : i + (j + 1) = i + 1 + j := by omega
            rw [h7] at h6
            exact h6) h3.2
        show floated (s.value.eval x) s.factor :: scaleAll x ss = dequantize acc scale :: logitsOf scales accs
        rw [h4, e2, Nat.eq_of_beq_eq_true h2.1, floated_eq acc h2.2]

/-- A recorded run that passes its check leaves the fault flags and the policy's accumulators, logits, action, softmax
weights and probabilities, for all observations. -/
theorem Program.computes_of_ok (run : Program) (p : Policy) (logitScales actionScales : List Nat)
    (h : run.ok p logitScales actionScales = true) : run.Computes p logitScales actionScales := by
  intro observation unknowns hl
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := and_split h2.2
  have h4 := and_split h3.1
  have h7 := and_split h3.2
  have h5 := and_split h7.1
  have h8 := and_split (a := run.faults.ok p.input.length) h7.2
  have h6 := and_split (a := Nat.beq logitScales.length p.network.last.rows.length) h5.1
  have h9 := and_split (a := factorsOk actionScales run.actionFactors) h5.2
  have hc := codes_eq (convertAll_int32 run.borders observation) p.input run.borders observation run.codes 0 hl
    (fun j => by rw [Nat.zero_add]) h1.1
  have hh := layers_eq p.network.hidden run.hidden (quantizeAll p.input observation) hc.2 h2.1
  have ha := last_eq (d := p.network.last) hh.2 p.network.last.rows run.last h4.1
  have ev : run.values observation = runHidden p.network.mode p.network.hidden (quantizeAll p.input observation) := by
    show runLayers run.hidden (evalAll (convertAll run.borders observation) run.codes) = _
    rw [hc.1, hh.1]
  have e : run.accumulators observation = referenceAccumulators p observation := by
    show evalAll (run.values observation) run.last = _
    rw [ev, ha.1]
    rfl
  have hw : ∀ z ∈ referenceAccumulators p observation, Int32 z := fun z hz => by
    have := ha.2 z hz
    exact ⟨this.1, by have := this.2; omega⟩
  have hr : (referenceAccumulators p observation).length = p.network.last.rows.length := length_evalRows _ _ _
  have action : run.result observation unknowns = actionOf p.head (referenceAccumulators p observation) := by
    show run.action.eval (run.accumulators observation) unknowns = actionOf p.head (referenceAccumulators p observation)
    rw [e]
    exact Last.eval_eq hw unknowns hr h4.2
  have shares : run.weights observation unknowns = weightsOf p.head (referenceAccumulators p observation) ∧
      run.probabilities observation unknowns = probabilitiesOf p.head (referenceAccumulators p observation) := by
    have hd := h9.2
    unfold Program.weights Program.probabilities
    rw [e, ev]
    cases hp : p.head with
    | continuous _ =>
      rw [hp] at hd
      cases hr : run.distribution with
      | none => exact ⟨rfl, rfl⟩
      | some d => rw [hr] at hd; cases hd
    | discrete s =>
      rw [hp] at hd
      cases hr : run.distribution with
      | none => rw [hr] at hd; cases hd
      | some d => rw [hr] at hd; exact distribution_eq hh.2 unknowns hd
  refine ⟨Flags.ok_spec hl h8.1, Flags.ok_spec hl h8.2, e, ?_, action, ?_, shares.1, shares.2⟩
  · show scaleAll (run.accumulators observation) run.logits = _
    rw [e]
    exact logits_eq hw logitScales _ run.logits 0 ((Nat.eq_of_beq_eq_true h6.1).trans hr.symm)
      (fun j => by rw [Nat.zero_add]) h6.2
  · show floatedBy (run.result observation unknowns) run.actionFactors = _
    rw [action]
    exact floatedBy_eq _ actionScales run.actionFactors h9.1

end TinyVerify.ObjectCode
