import TinyVerify.Agreement.Thm
import TinyVerify.Agreement.WithinThm
import TinyVerify.Bounds.Thm
import TinyVerify.Certified.FastThm
import TinyVerify.Flow.Thm
import TinyVerify.Linear.Thm
import TinyVerify.LockMachine.Thm
import TinyVerify.Locks.Thm
import TinyVerify.ObjectCode.Thm
import TinyVerify.Policy.Thm
import TinyVerify.Tables.Thm
/-!
# The headline theorems, restated

What the library shows in general, in one place, with the axioms of each. Every statement can be
read without its proof; the definitions are in the `Spec.lean` files of the folders named beside them.
-/
namespace TinyVerify.Headline

/-- No accumulator and no partial sum overflows, in any order and grouping of the summation, if
`128 * sum |weight| + |bias|` fits int32; and 32-bit registers then hold the integer sum. (DenseS8) -/
theorem acc_no_overflow {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) (order : SumTree)
    (ho : Perm order.terms (terms bias weights x)) :
    order.Safe ∧ order.machine = accumulate bias weights x :=
  safe_of_bound hx bound order ho

/-- MVE deals the products to lanes and adds the lanes up: the same sum. (DenseS8) -/
theorem mve_order_agrees {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) (lanes : List (List Int))
    (hl : Perm (laneTerms lanes) (products weights x)) :
    laneWise bias lanes = accumulate bias weights x :=
  laneWise_eq hx bound lanes hl

/-- Zero weights behind a row change nothing, whatever stands in the padded inputs. (DenseS8) -/
theorem padding_changes_nothing (bias : Int) (weights x padding : List Int) (n : Nat)
    (h : weights.length = x.length) :
    accumulate bias (append weights (zeros n)) (append x padding) = accumulate bias weights x :=
  accumulate_padding bias weights x padding n h

/-- requantize rounds to nearest: at most half a unit, and for two roundings exactly shifted by
`2^-(shift + 1)`. (Requantize; the inequalities are those of `RoundsToNearest`) -/
theorem requantize_half_unit (mode : Rounding) (acc multiplier : Int) (shift : Nat) :
    RoundsToNearest mode acc multiplier shift :=
  roundsToNearest mode acc multiplier shift

theorem requantize_monotone (mode : Rounding) {a b : Int} (p : RequantizeParams) (hm : 0 ≤ p.multiplier)
    (h : a ≤ b) : requantize mode a p ≤ requantize mode b p :=
  requantize_mono mode p hm h

/-- It saturates only where it must. (Requantize) -/
theorem requantize_saturates_only_where_must (mode : Rounding) (acc : Int) (p : RequantizeParams) (h : p.lo ≤ p.hi) :
    let r := rescale mode acc p.multiplier p.shift + p.zeroPoint
    (p.lo ≤ r → r ≤ p.hi → requantize mode acc p = r) ∧
    (r < p.lo → requantize mode acc p = p.lo) ∧ (p.hi < r → requantize mode acc p = p.hi) :=
  requantize_saturates_only mode acc p h

/-- 64 bits hold every product and sum, 32 bits the rounded value, for every int32 accumulator and
every parameter that may be emitted. (Requantize) -/
theorem requantize_never_overflows (mode : Rounding) {acc : Int} {p : RequantizeParams} (ha : Int32 acc)
    (hp : p.Valid) : requantizeMachine mode acc p = requantize mode acc p ∧ Int8 (requantize mode acc p) :=
  ⟨requantizeMachine_eq mode ha hp, requantize_int8 mode acc hp⟩

/-- The whole network: registers compute the integers. (Network) -/
theorem machine_exact (net : Network) (hd : net.accOk = true) (hr : net.requantizeOk = true) : net.MachineExact :=
  net.machineExact_of_ok hd hr

/-- Every float32 pattern gives an int8 code. (QuantizeF32) -/
theorem quantize_defined (bits invScale : Nat) {zeroPoint : Int} (hz : Int8 zeroPoint) :
    Int8 (quantizeF32 bits invScale zeroPoint) :=
  quantizeF32_int8 bits invScale hz

/-- One positive scale for all actions: the arg max of the accumulators is that of the values. (Dequantize) -/
theorem arg_max_scale {scale : Int} (hs : 0 < scale) (accs : List Int) :
    argMax (mapInt (fun acc => scale * acc) accs) = argMax accs :=
  argMax_scale hs accs

/-- Q0.15 probabilities sum to one within half a unit an action. (SoftmaxLut) -/
theorem softmax_sum_near_one (weights : List Int) (h : 0 < sum weights) :
    -(weights.length : Int) ≤ 2 * (sum (probabilities weights) - 32768) ∧
    2 * (sum (probabilities weights) - 32768) ≤ (weights.length : Int) :=
  probabilities_sum weights h

/-- A layout that passes its check: no two objects and no two regions share a byte, and everything
lies inside its region and the memory. (Memory) -/
theorem layout_sound (l : Layout) (hd : l.disjointOk = true) (hc : l.containedOk = true) : l.Disjoint ∧ l.Contained :=
  ⟨l.disjoint_of_ok hd, l.contained_of_ok hc⟩

/-- A dual certificate that passes its check bounds every path that respects its loop bounds. (Flow) -/
theorem path_bound {c : Certificate} {graph : List Edge} (h : c.ok graph = true) {first last : Nat}
    {path : List Edge} (hp : Path graph first last path) (hr : Respects (dualLimits c.duals) path) :
    (c.scale : Int) * pathCost path ≤ c.bound first last :=
  Certificate.bounds_every_path h hp hr

/-- Tasks that take resources in ascending order never deadlock. (Locks) -/
theorem no_deadlock (m : Moment) (h : ∀ task, ascending (m.steps task) = true) : ¬ m.Deadlock :=
  TinyVerify.no_deadlock m h

/-- The HAL's own state machine, for any number of tasks and resources: no sequence of calls ends in a deadlock, and
whoever a task waits for runs with at least its priority. (LockMachine) -/
theorem locks_safe (tasks resources : Nat) :
    Locks.DeadlockFree tasks resources ∧ Locks.InversionBounded tasks resources :=
  ⟨Locks.deadlockFree tasks resources, Locks.inversionBounded tasks resources⟩

/-- Without the order it does deadlock. (LockMachine) -/
theorem unordered_deadlocks : Locks.crossed.Chain 1 1 := Locks.unordered_deadlocks

/-- Interval certificate: the claimed bounds hold on the whole box. (Bounds) -/
theorem interval_bound (net : Network) (hr : net.requantizeOk = true) {box claimed : List Interval}
    (hb : net.boundsOk box claimed = true) : ∀ x, InBox box x → InBox claimed (net.run x) :=
  net.bounds_of_ok hr hb

/-- Margin certificate: one action on the whole box. (Bounds) -/
theorem action_on_box (net : Network) (hr : net.requantizeOk = true) {box : List Interval} {action : Nat}
    (ha : net.actionOk box action = true) : ∀ x, InBox box x → argMax (net.run x) = action :=
  net.action_of_ok hr ha

/-- Linear bounds through a hidden layer: one action on the whole box. (Linear) -/
theorem linear_action_on_box (net : Network) (hr : net.requantizeOk = true) {grid : Int} {box : List Interval}
    {action : Nat} (ha : net.linearActionOk grid box action = true) : ∀ x, InBox box x → argMax (net.run x) = action :=
  net.linearAction_of_ok hr ha

/-- Linear certificate (Farkas): natural multiples of inequalities that hold add up to one. (Bounds) -/
theorem linear_bound (weighted : List Weighted) (values : List Int)
    (h : ∀ w ∈ weighted, w.inequality.Holds values) : (combine weighted).Holds values :=
  combine_holds weighted values h

/-- A dozen operations on big numbers count a packed row's absolute values. (Packed) -/
theorem packed_sum (n p : Nat) (hn : n ≤ 16777216) (hp : p < 256 ^ n) : absSumFast n p = absSum (unpack n p) :=
  absSumFast_eq n p hn hp

/-- A recorded run of the machine code that passes its check leaves the fault flags and the policy's accumulators, logits,
action (an index, or a code and its float), softmax weights and probabilities, for all observations, NaN and infinities
included. (ObjectCode) -/
theorem object_code (run : ObjectCode.Program) (p : Policy) (logitScales actionScales : List Nat)
    (h : run.ok p logitScales actionScales = true) : run.Computes p logitScales actionScales :=
  run.computes_of_ok p logitScales actionScales h

/-- A float32 sum of at most `n` summands errs by at most `n / (2^24 - n)` of their absolute values, and four times `2^-126`
a summand, whatever the order, fused or not, subnormal numbers flushed to zero or not. (Float32) -/
theorem float_sum_error (t : FloatSum) {n : Int} (ht : t.Rounded) (hn : 4 * n ≤ 16777216) (hc : (t.count : Int) ≤ n) :
    (16777216 - n) * ((f32One * t.result - sum t.terms).natAbs : Int) ≤
      t.count * (absSum t.terms : Int) + (4 * (t.count : Int) - 2) * f32Tiny :=
  t.error ht hn hc

/-- A certificate that passes its checks: for every float32 observation of the box, and whatever float32 arithmetic makes of
it, each int8 logit is within its bound of the float32 network's. (Certified) -/
theorem logit_error {p : Plan} {c : Columns} {net : Network} {input : List Feature} {scales : List Nat} {f : FloatNetwork}
    {box : List Interval} {cuts : Cuts} (linked : p.linked net input scales f box = true) (columns : c.ok p = true)
    (leaves : cuts.all (fastOk c p.pairing) p.root = true) :
    LogitsWithin net input scales f box (Plan.bounds p.outputs) :=
  LogitsWithin.of_ok linked columns leaves

/-- A tree of cuts with actions on the sides of planes whose leaves pass their checks: on so many cells of the box's codes, of so
many, both networks take the same action, for every float32 observation in the cell and whatever float32 arithmetic makes of
it. (Agreement) -/
theorem action_agreement {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {j : Judge} {t : Regions}
    {cells whole : Nat} (orders : j.plan.ordersOk net input f box j.actions = true) (columns : j.columnsOk = true)
    (pairs : j.pairsHold = true) (leaves : t.all j.test j.plan.root.lo j.plan.root.hi = true)
    (count : Nat.ble cells (t.cells j.plan.root.lo j.plan.root.hi) = true)
    (size : Nat.beq (cellsIn j.plan.root.lo j.plan.root.hi) whole = true) :
    AlikeOn net input f box j.plan.root cells whole :=
  AlikeOn.of_ok orders columns pairs leaves count size

/-- The same of a continuous policy: on so many cells its deterministic action is within a tolerance of the float32 policy's, which is
a bound times tanh of the float32 mean, and what float32 arithmetic may add. (Agreement) -/
theorem action_within {net : Network} {input : List Feature} {head : Head} {scale : Nat} {f : FloatNetwork} {bound tolerance : Int}
    {box : List Interval} {j : ActionJudge} {t : Regions} {cells whole : Nat} (bands : j.bandsOk net input f box = true)
    (table : j.tableOk head scale bound tolerance = true) (columns : j.columnsOk = true)
    (leaves : t.all j.test j.plan.root.lo j.plan.root.hi = true)
    (count : Nat.ble cells (t.cells j.plan.root.lo j.plan.root.hi) = true)
    (size : Nat.beq (cellsIn j.plan.root.lo j.plan.root.hi) whole = true) :
    WithinOn net input head scale f bound tolerance box j.plan.root cells whole :=
  WithinOn.of_ok bands table columns leaves count size

/-- Where so many sums of the exponential series, and what the rest may add, pass a check, tanh is at most the given ratio; so
bounded from above and below, the two bounds are in order. (Tanh) -/
theorem tanh_enclosed {y t s d : Int} (above : tanhAtMostOk y t d = true) (below : tanhAtMostOk (-y) s d = true) :
    TanhAtMost tanhUnit y t d ∧ TanhAtMost tanhUnit (-y) s d ∧ 0 ≤ t + s :=
  ⟨.of_ok above, .of_ok below, (TanhAtMost.of_ok above).order (.of_ok below)⟩

/-- A softmax table that passes its check: each of its 256 entries is within 0.501 of a code of `127 exp (-k step)`. (Tables) -/
theorem softmax_table {head : Head} {step : Ratio} (h : head.softmaxOk step = true) : head.SoftmaxWithin step :=
  Head.softmaxWithin_of_ok h

/-- Tables of a continuous head that pass their check: each entry is within 0.501 of a code of the exponential, of `127 tanh`, of the
normal quantile at `(k + 1/2) / 256`, and beyond the first and last quantile lies at most 0.2 %. (Tables, Normal) -/
theorem gaussian_tables {head : Head} {s : GaussianScales} (h : head.gaussianOk s = true) : head.GaussianWithin s :=
  Head.gaussianWithin_of_ok h

end TinyVerify.Headline

#print axioms TinyVerify.Headline.acc_no_overflow
#print axioms TinyVerify.Headline.mve_order_agrees
#print axioms TinyVerify.Headline.padding_changes_nothing
#print axioms TinyVerify.Headline.requantize_half_unit
#print axioms TinyVerify.Headline.requantize_monotone
#print axioms TinyVerify.Headline.requantize_saturates_only_where_must
#print axioms TinyVerify.Headline.requantize_never_overflows
#print axioms TinyVerify.Headline.machine_exact
#print axioms TinyVerify.Headline.quantize_defined
#print axioms TinyVerify.Headline.arg_max_scale
#print axioms TinyVerify.Headline.softmax_sum_near_one
#print axioms TinyVerify.Headline.layout_sound
#print axioms TinyVerify.Headline.path_bound
#print axioms TinyVerify.Headline.no_deadlock
#print axioms TinyVerify.Headline.locks_safe
#print axioms TinyVerify.Headline.unordered_deadlocks
#print axioms TinyVerify.Headline.interval_bound
#print axioms TinyVerify.Headline.action_on_box
#print axioms TinyVerify.Headline.linear_action_on_box
#print axioms TinyVerify.Headline.linear_bound
#print axioms TinyVerify.Headline.packed_sum
#print axioms TinyVerify.Headline.object_code
#print axioms TinyVerify.Headline.float_sum_error
#print axioms TinyVerify.Headline.logit_error
#print axioms TinyVerify.Headline.action_agreement
#print axioms TinyVerify.Headline.action_within
#print axioms TinyVerify.Headline.tanh_enclosed
#print axioms TinyVerify.Headline.softmax_table
#print axioms TinyVerify.Headline.gaussian_tables
