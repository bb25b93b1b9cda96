import TinyVerify.Policy.Spec
import TinyVerify.Dequantize.Thm
import TinyVerify.Memory.Thm
import TinyVerify.Int16Lanes.Thm
import TinyVerify.Network.Thm
import TinyVerify.QuantizeF32.Thm
import TinyVerify.Relu.Thm
import TinyVerify.Sample.Thm
/-!
# What the checkers of a policy show

One theorem for each obligation, `<claim>_of_ok`; a bundle's generated file applies them.
-/
namespace TinyVerify

/-! ### requantize -/

theorem Head.valid_of_ok {h : Head} (hh : h.ok = true) : ∀ q ∈ h.requantizers, q.Valid := by
  cases h with
  | discrete s =>
    intro q hq
    cases hq with
    | head => exact Softmax.valid_of_ok hh
    | tail _ h => cases h
  | continuous g =>
    have h1 := and_split (a := Gaussian.paramsOk g.mean) hh
    have h2 := and_split h1.2
    intro q hq
    cases hq with
    | head => exact (Gaussian.paramsOk_spec h1.1).1
    | tail _ hq =>
      cases hq with
      | head => exact (Gaussian.paramsOk_spec h2.1).1
      | tail _ hq =>
        cases hq with
        | head => exact (Gaussian.paramsOk_spec h2.2).1
        | tail _ hq => cases hq

theorem Policy.valid_of_ok {p : Policy} (h : p.requantizeOk = true) {q : RequantizeParams}
    (hq : p.Requantizer q) : q.Valid := by
  have h' := and_split h
  rcases hq with hq | hq
  · rcases hq with ⟨l, hl, s, hs, e⟩
    rw [e]
    exact Hidden.valid_of_ok (all_spec h'.1 l hl) s hs
  · exact Head.valid_of_ok h'.2 q hq

theorem Policy.halfUnit (p : Policy) : p.HalfUnit :=
  fun q _ acc => roundsToNearest p.network.mode acc q.multiplier q.shift

theorem Policy.multiplierExact_of_ok (p : Policy) {scales : List Ratio} (h : p.multiplierOk scales = true) :
    p.MultiplierExact scales :=
  nearestAll_of_ok h

theorem Policy.saturatesOnlyWhereMust_of_ok (p : Policy) (h : p.requantizeOk = true) : p.SaturatesOnlyWhereMust :=
  fun q hq acc => requantize_saturates_only p.network.mode acc q (p.valid_of_ok h hq).range.2.1

theorem Policy.requantizeMonotone_of_ok (p : Policy) (h : p.requantizeOk = true) : p.RequantizeMonotone := by
  intro q hq a b hab
  have hm := (p.valid_of_ok h hq).multiplier
  exact requantize_mono p.network.mode q (by omega) hab

theorem Policy.productFits_of_ok (p : Policy) (h : p.requantizeOk = true) : p.ProductFits := by
  intro q hq acc ha
  have hv := p.valid_of_ok h hq
  exact ⟨requantizeMachine_eq p.network.mode ha hv, requantize_int8 p.network.mode acc hv⟩

theorem Policy.reluFused_of_ok (p : Policy) (h : p.requantizeOk = true) : p.ReluFused := by
  intro l hl s hs acc
  have hv := Hidden.valid_of_ok (all_spec (and_split h).1 l hl) s hs
  exact relu_fused _ hv.zeroPoint

theorem natAbs_accumulate_le {d : Dense} {r : Row} {x : List Int} (hin : d.inputs ≤ 16777216)
    (hpk : r.packed < 256 ^ d.inputs) (hx : ∀ z ∈ x, Int8 z) :
    (accumulate r.bias (d.weights r) x).natAbs ≤ rowBound d r := by
  have b1 := absSum_products_le (d.weights r) x hx
  have b2 := natAbs_sum_le (products (d.weights r) x)
  have e : d.weights r = unpack d.inputs r.packed := rfl
  unfold accumulate rowBound
  rw [absSumFast_eq _ _ hin hpk]
  rw [e] at b1 b2 ⊢
  omega

theorem Dense.rows_of_ok {d : Dense} {limit : Nat} (h : d.ok limit = true) :
    d.inputs ≤ 16777216 ∧ ∀ r ∈ d.rows, r.packed < 256 ^ d.inputs := by
  have h' := and_split h
  exact ⟨Nat.le_of_ble_eq_true h'.1, fun r hr => Nat.le_of_ble_eq_true (and_split (all_spec h'.2 r hr)).1⟩

theorem evalRows_row {d : Dense} {x : List Int} {rows : List Row} :
    ∀ a ∈ evalRows d x rows, ∃ r ∈ rows, a = accumulate r.bias (d.weights r) x := by
  induction rows with
  | nil => intro a ha; cases ha
  | cons r rs ih =>
    intro a ha
    cases ha with
    | head => exact ⟨r, .head _, rfl⟩
    | tail _ hm =>
      rcases ih a hm with ⟨s, hs, e⟩
      exact ⟨s, .tail _ hs, e⟩

/-- Every output is within the bound of its row. -/
theorem Policy.output_row {p : Policy} (hd : p.network.accOk = true) (hr : p.requantizeOk = true) {x : List Int}
    (hx : ∀ z ∈ x, Int8 z) : ∀ a ∈ p.network.run x, ∃ r ∈ p.network.last.rows, a.natAbs ≤ rowBound p.network.last r := by
  intro a ha
  have h0 := and_split hd
  have h1 := runHiddenMachine_eq p.network.mode (all_spec h0.1) (all_spec (and_split hr).1) hx
  rcases evalRows_row a ha with ⟨r, hrow, e⟩
  have h2 := Dense.rows_of_ok h0.2
  exact ⟨r, hrow, by rw [e]; exact natAbs_accumulate_le h2.1 (h2.2 r hrow) h1.2⟩

theorem Policy.roundingFits_of_ok (p : Policy) (hd : p.network.accOk = true) (hr : p.requantizeOk = true)
    (h : p.roundingOk = true) : p.RoundingFits := by
  have h' := and_split h
  have hr' := and_split hr
  have hv := Head.valid_of_ok hr'.2
  refine ⟨?_, ?_⟩
  · intro l hl c hc x hx
    have hm := channels_row c hc
    have h2 := Dense.rows_of_ok (all_spec (and_split hd).1 l hl)
    exact fits32_of_ok _ (natAbs_accumulate_le h2.1 (h2.2 c.row hm.1) hx)
      (Hidden.valid_of_ok (all_spec hr'.1 l hl) c.scale hm.2) (all_spec (all_spec h'.1 l hl) c hc)
  · have out {x : List Int} (hx : ∀ z ∈ x, Int8 z) := p.output_row hd hr hx
    have hk := h'.2
    cases hh : p.head with
    | discrete s =>
      rw [hh] at hk hv
      intro x hx a ha b hb
      rcases out hx a ha with ⟨ra, hra, ba⟩
      rcases out hx b hb with ⟨rb, hrb, bb⟩
      by_cases hab : rowBound p.network.last ra ≤ rowBound p.network.last rb
      · exact fits32_of_ok (bound := 2 * rowBound p.network.last rb) _ (by omega) (hv _ (.head _)) (all_spec hk rb hrb)
      · exact fits32_of_ok (bound := 2 * rowBound p.network.last ra) _ (by omega) (hv _ (.head _)) (all_spec hk ra hra)
    | continuous g =>
      rw [hh] at hk hv
      have k1 := and_split (a := outputsOk p.network.last 1 g.mean) hk
      have k2 := and_split k1.2
      refine ⟨?_, ?_⟩
      · intro x hx a ha
        rcases out hx a ha with ⟨r, hrow, b⟩
        have e : 1 * rowBound p.network.last r = rowBound p.network.last r := Nat.one_mul _
        have k3 := all_spec k1.1 r hrow
        have k4 := all_spec k2.1 r hrow
        rw [e] at k3 k4
        exact ⟨fits32_of_ok _ b (hv _ (.head _)) k3, fits32_of_ok _ b (hv _ (.tail _ (.head _))) k4⟩
      · intro s z hs hz
        have hb : Int.natAbs (s * z) ≤ 128 * 128 := by
          rw [Int.natAbs_mul]
          exact Nat.mul_le_mul (by omega) (by omega)
        exact fits32_of_ok (bound := 16384) _ hb (hv _ (.tail _ (.tail _ (.head _)))) k2.2

/-! ### tables and heads -/

theorem Policy.indexInRange_of_ok (p : Policy) (h : p.requantizeOk = true) : p.IndexInRange := by
  have h' := (and_split h).2
  unfold Policy.IndexInRange
  cases hh : p.head with
  | discrete s => exact s.indexInRange
  | continuous g => rw [hh] at h'; exact g.indexInRange_of_ok h'

theorem Policy.tableMonotone_of_ok (p : Policy) (h : p.tableOk = true) : p.TableMonotone := by
  unfold Policy.tableOk at h
  unfold Policy.TableMonotone
  cases hh : p.head with
  | discrete s => rw [hh] at h; exact s.tableMonotone_of_ok h
  | continuous g => exact True.intro

theorem probabilitiesFrom_range {total : Int} (ht : 0 < total) {weights : List Int}
    (h : ∀ e ∈ weights, 0 ≤ e ∧ e ≤ total) : ∀ q ∈ probabilitiesFrom total weights, 0 ≤ q ∧ q ≤ 32768 := by
  induction weights with
  | nil => intro q hq; cases hq
  | cons e es ih =>
    intro q hq
    cases hq with
    | head => exact probability_range ht (h e (.head _)).1 (h e (.head _)).2
    | tail _ hm => exact ih (fun e' he' => h e' (.tail _ he')) q hm

theorem le_sum_of_nonneg {zs : List Int} (h : ∀ z ∈ zs, 0 ≤ z) : 0 ≤ sum zs ∧ ∀ z ∈ zs, z ≤ sum zs := by
  induction zs with
  | nil => exact ⟨Int.le_refl 0, fun z hz => by cases hz⟩
  | cons y ys ih =>
    have h1 := ih (fun z hz => h z (.tail _ hz))
    have h2 := h y (.head _)
    have e : sum (y :: ys) = y + sum ys := rfl
    refine ⟨by omega, ?_⟩
    intro z hz
    cases hz with
    | head => omega
    | tail _ hm => have := h1.2 z hm; omega

theorem length_weightsFrom (h : Softmax) (top : Int) (accs : List Int) : (h.weightsFrom top accs).length = accs.length := by
  induction accs with
  | nil => rfl
  | cons a as ih => exact congrArg (· + 1) ih

theorem Policy.sumNearOne_of_ok (p : Policy) (h : p.tableOk = true) : p.SumNearOne := by
  have ht := p.tableMonotone_of_ok h
  unfold Policy.TableMonotone at ht
  unfold Policy.SumNearOne
  cases hh : p.head with
  | continuous g => exact True.intro
  | discrete s =>
    rw [hh] at ht
    have ht : TinyVerify.TableMonotone s.table := ht
    show ∀ accs : List Int, _
    intro accs hne
    cases accs with
    | nil => exact absurd rfl hne
    | cons a as =>
      have hb := s.total_bounds ht a as
      have hp : 0 < sum (s.weights (a :: as)) := by omega
      have hw := (weightsFrom_bounds s ht (maximum (a :: as)) (a :: as)).2.2.1
      have hs := probabilities_sum (s.weights (a :: as)) hp
      have hl : (s.weights (a :: as)).length = (a :: as).length := length_weightsFrom s _ (a :: as)
      rw [hl] at hs
      have hle := (le_sum_of_nonneg hw).2
      exact ⟨probabilitiesFrom_range hp (fun e he => ⟨hw e he, hle e he⟩), hs⟩

theorem Policy.actionInRange_of_ok (p : Policy) (h : p.tableOk = true) : p.ActionInRange := by
  have ht := p.tableMonotone_of_ok h
  unfold Policy.TableMonotone at ht
  unfold Policy.ActionInRange
  cases hh : p.head with
  | continuous g => exact True.intro
  | discrete s =>
    rw [hh] at ht
    have ht : TinyVerify.TableMonotone s.table := ht
    show ∀ accs : List Int, _
    intro accs hne random h0 h1
    cases accs with
    | nil => exact absurd rfl hne
    | cons a as =>
      have hb := s.total_bounds ht a as
      have hl : (s.weights (a :: as)).length = (a :: as).length := length_weightsFrom s _ (a :: as)
      have hp := sampleDiscrete_lt (weights := s.weights (a :: as)) h0 h1 (by omega)
      rw [hl] at hp
      exact hp

theorem nth_of_all {test : Int → Prop} {zs : List Int} (h0 : test 0) (h : ∀ z ∈ zs, test z) : ∀ i, test (nth zs i) := by
  induction zs with
  | nil => intro i; exact h0
  | cons z zs ih =>
    intro i
    cases i with
    | zero => exact h z (.head _)
    | succ i => exact ih (fun y hy => h y (.tail _ hy)) i

theorem Policy.actionBounded_of_ok (p : Policy) (h : p.tableOk = true) : p.ActionBounded := by
  unfold Policy.tableOk at h
  unfold Policy.ActionBounded
  cases hh : p.head with
  | discrete s => exact True.intro
  | continuous g =>
    rw [hh] at h
    have h : all (fun z => decide (-127 ≤ z)) (unpack 256 g.tanh) = true := h
    intro mean logStd z
    have h1 := nth_of_all (test := fun z => -127 ≤ z) (by decide) (fun z hz => of_decide_eq_true (all_spec h z hz))
      (Int.toNat (g.tanhIndex mean logStd z))
    exact ⟨h1, (g.actionFor_int8 mean logStd z).2⟩

theorem Policy.quantizeDefined_of_ok (p : Policy) (h : p.inputOk = true) : p.QuantizeDefined := by
  intro f hf bits _
  have h1 := and_split (all_spec h f hf)
  exact quantizeF32_int8 bits f.invScale ⟨of_decide_eq_true h1.1, of_decide_eq_true h1.2⟩

theorem Policy.sized_of_ok (p : Policy) (h : p.sizedOk = true) : p.Sized :=
  fun a ha => Access.sized_of_ok (all_spec h a ha)

end TinyVerify
