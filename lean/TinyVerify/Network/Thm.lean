import TinyVerify.Network.Spec
import TinyVerify.DenseS8.Thm
import TinyVerify.Packed.Thm
import TinyVerify.Requantize.Machine
/-!
# What the checkers of a network show

Main results: `noOverflow_of_ok`, `machineExact_of_ok`, `differenceNoOverflow_of_ok`,
`wellShaped_of_ok`.
-/
namespace TinyVerify

theorem rowOk_bound {limit : Nat} {d : Dense} (h : d.ok limit = true) :
    ∀ r ∈ d.rows, 128 * absSum (d.weights r) + r.bias.natAbs ≤ limit := by
  intro r hr
  have h' := and_split h
  have h1 := Nat.le_of_ble_eq_true h'.1
  have h2 := and_split (all_spec h'.2 r hr)
  have h3 : r.packed + 1 ≤ 256 ^ d.inputs := Nat.le_of_ble_eq_true h2.1
  have h4 := Nat.le_of_ble_eq_true h2.2
  rw [absSumFast_eq _ _ h1 (by omega)] at h4
  exact h4

theorem Dense.noOverflow_of_ok {limit : Nat} {d : Dense} (hl : limit ≤ 2147483647) (h : d.ok limit = true) :
    d.NoOverflow := by
  intro r hr x hx order ho
  exact safe_of_bound hx (Nat.le_trans (rowOk_bound h r hr) hl) order ho

theorem Network.noOverflow_of_ok (net : Network) (h : net.accOk = true) : net.NoOverflow := by
  have h' := and_split h
  exact ⟨fun l hl => Dense.noOverflow_of_ok Nat.le.refl (all_spec h'.1 l hl),
    Dense.noOverflow_of_ok Nat.le.refl h'.2⟩

/-! ### requantizers -/

theorem scaleOk_spec {s : Scale} (h : scaleOk s = true) :
    1073741824 ≤ s.multiplier ∧ s.multiplier < 2147483648 ∧ s.shift ≤ 31 := by
  have h1 := and_split h
  have h2 := and_split h1.2
  exact ⟨of_decide_eq_true h1.1, of_decide_eq_true h2.1, Nat.le_of_ble_eq_true h2.2⟩

theorem Hidden.valid_of_ok {l : Hidden} (h : l.ok = true) : ∀ s ∈ l.scales, (l.params s).Valid := by
  intro s hs
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := scaleOk_spec (all_spec h2.2 s hs)
  have z1 : -128 ≤ l.zeroPoint := of_decide_eq_true h1.1
  have z2 : l.zeroPoint ≤ 127 := of_decide_eq_true h2.1
  exact ⟨⟨h3.1, h3.2.1⟩, h3.2.2, ⟨z1, z2⟩, ⟨z1, z2, Int.le_refl 127⟩⟩

/-! ### the whole network -/

theorem evalRowsMachine_eq {d : Dense} {x : List Int} (hx : ∀ z ∈ x, Int8 z) {rows : List Row}
    (h : ∀ r ∈ rows, 128 * absSum (d.weights r) + r.bias.natAbs ≤ 2147483647) :
    evalRowsMachine d x rows = evalRows d x rows ∧ ∀ acc ∈ evalRows d x rows, Int32 acc := by
  induction rows with
  | nil => exact ⟨rfl, fun acc ha => by cases ha⟩
  | cons r rs ih =>
    have h1 := h r (.head _)
    have h2 := ih (fun r' hr' => h r' (.tail _ hr'))
    have e1 : evalRowsMachine d x (r :: rs) = accumulateMachine r.bias (d.weights r) x :: evalRowsMachine d x rs := rfl
    have e2 : evalRows d x (r :: rs) = accumulate r.bias (d.weights r) x :: evalRows d x rs := rfl
    rw [e1, e2, accumulateMachine_eq hx h1, h2.1]
    refine ⟨rfl, ?_⟩
    intro acc ha
    cases ha with
    | head => exact accumulate_int32 hx h1
    | tail _ hm => exact h2.2 acc hm

theorem requantizeAllMachine_eq (mode : Rounding) {l : Hidden} {scales : List Scale} {accs : List Int}
    (hs : ∀ s ∈ scales, (l.params s).Valid) (ha : ∀ acc ∈ accs, Int32 acc) :
    requantizeAllMachine mode l scales accs = requantizeAll mode l scales accs ∧
    ∀ q ∈ requantizeAll mode l scales accs, Int8 q := by
  induction scales generalizing accs with
  | nil =>
    cases accs with
    | nil => exact ⟨rfl, fun q hq => by cases hq⟩
    | cons _ _ => exact ⟨rfl, fun q hq => by cases hq⟩
  | cons s ss ih =>
    cases accs with
    | nil => exact ⟨rfl, fun q hq => by cases hq⟩
    | cons acc accs =>
      have h1 := ih (accs := accs) (fun s' hs' => hs s' (.tail _ hs')) (fun a ha' => ha a (.tail _ ha'))
      have h2 := hs s (.head _)
      have h3 := ha acc (.head _)
      have e1 : requantizeAllMachine mode l (s :: ss) (acc :: accs) =
        requantizeMachine mode acc (l.params s) :: requantizeAllMachine mode l ss accs := rfl
      have e2 : requantizeAll mode l (s :: ss) (acc :: accs) =
        requantize mode acc (l.params s) :: requantizeAll mode l ss accs := rfl
      rw [e1, e2, requantizeMachine_eq mode h3 h2, h1.1]
      refine ⟨rfl, ?_⟩
      intro q hq
      cases hq with
      | head => exact requantize_int8 mode acc h2
      | tail _ hm => exact h1.2 q hm

theorem runHiddenMachine_eq (mode : Rounding) {layers : List Hidden} {x : List Int}
    (hd : ∀ l ∈ layers, l.dense.ok 2147483647 = true) (hr : ∀ l ∈ layers, l.ok = true) (hx : ∀ z ∈ x, Int8 z) :
    runHiddenMachine mode layers x = runHidden mode layers x ∧ ∀ z ∈ runHidden mode layers x, Int8 z := by
  induction layers generalizing x with
  | nil => exact ⟨rfl, hx⟩
  | cons l ls ih =>
    have h1 := evalRowsMachine_eq (d := l.dense) hx (rows := l.dense.rows) (rowOk_bound (hd l (.head _)))
    have h2 := requantizeAllMachine_eq mode (l := l) (scales := l.scales) (Hidden.valid_of_ok (hr l (.head _))) h1.2
    have e1 : l.evalMachine mode x = l.eval mode x := by
      unfold Hidden.evalMachine Hidden.eval Dense.evalMachine Dense.eval
      rw [h1.1, h2.1]
    have h3 := ih (x := l.eval mode x) (fun l' h => hd l' (.tail _ h)) (fun l' h => hr l' (.tail _ h)) h2.2
    have e2 : runHiddenMachine mode (l :: ls) x = runHiddenMachine mode ls (l.evalMachine mode x) := rfl
    have e3 : runHidden mode (l :: ls) x = runHidden mode ls (l.eval mode x) := rfl
    rw [e2, e3, e1]
    exact h3

theorem Network.machineExact_of_ok (net : Network) (hd : net.accOk = true) (hr : net.requantizeOk = true) :
    net.MachineExact := by
  intro x hx
  have h := and_split hd
  have h1 := runHiddenMachine_eq net.mode (all_spec h.1) (all_spec hr) hx
  have h2 := evalRowsMachine_eq (d := net.last) h1.2 (rows := net.last.rows) (rowOk_bound h.2)
  unfold Network.runMachine Network.run Dense.evalMachine Dense.eval
  rw [h1.1, h2.1]

theorem evalRows_bound {d : Dense} {x : List Int} (hx : ∀ z ∈ x, Int8 z) {rows : List Row} {limit : Nat}
    (h : ∀ r ∈ rows, 128 * absSum (d.weights r) + r.bias.natAbs ≤ limit) :
    ∀ acc ∈ evalRows d x rows, acc.natAbs ≤ limit := by
  induction rows with
  | nil => intro acc ha; cases ha
  | cons r rs ih =>
    intro acc ha
    cases ha with
    | head =>
      have h1 := h r (.head _)
      have h2 := absSum_products_le (d.weights r) x hx
      have h3 := natAbs_sum_le (products (d.weights r) x)
      unfold accumulate
      omega
    | tail _ hm => exact ih (fun r' hr' => h r' (.tail _ hr')) acc hm

theorem Network.differenceNoOverflow_of_ok (net : Network) (hd : net.accOk = true) (hr : net.requantizeOk = true)
    (h : net.differenceOk = true) : net.DifferenceNoOverflow := by
  intro x hx a ha b hb
  have h0 := and_split hd
  have h1 := runHiddenMachine_eq net.mode (all_spec h0.1) (all_spec hr) hx
  have h2 := evalRows_bound (d := net.last) h1.2 (rows := net.last.rows) (rowOk_bound h)
  have ba := h2 a ha
  have bb := h2 b hb
  exact ⟨by omega, by omega⟩

/-! ### shapes -/

theorem channels_row {rows : List Row} {scales : List Scale} :
    ∀ c ∈ channels rows scales, c.row ∈ rows ∧ c.scale ∈ scales := by
  induction rows generalizing scales with
  | nil => intro c hc; cases hc
  | cons r rs ih =>
    cases scales with
    | nil => intro c hc; cases hc
    | cons s ss =>
      intro c hc
      cases hc with
      | head => exact ⟨.head _, .head _⟩
      | tail _ h => exact ⟨.tail _ (ih c h).1, .tail _ (ih c h).2⟩

theorem shapedFrom_spec {last : Dense} {layers : List Hidden} {width : Nat} (h : shapedFrom last layers width = true) :
    WellShapedFrom last layers width := by
  induction layers generalizing width with
  | nil => exact Nat.eq_of_beq_eq_true h
  | cons l ls ih =>
    have h1 := and_split (a := Nat.beq l.dense.inputs width) (b := Nat.beq l.scales.length l.dense.rows.length && shapedFrom last ls l.dense.rows.length) h
    have h2 := and_split h1.2
    exact ⟨Nat.eq_of_beq_eq_true h1.1, Nat.eq_of_beq_eq_true h2.1, ih h2.2⟩

theorem Network.wellShaped_of_ok (net : Network) {observations outputs : Nat}
    (h : net.shapeOk observations outputs = true) : net.WellShaped observations outputs :=
  ⟨shapedFrom_spec (and_split h).1, Nat.eq_of_beq_eq_true (and_split h).2⟩

end TinyVerify
