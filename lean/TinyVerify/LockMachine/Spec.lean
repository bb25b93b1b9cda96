import TinyVerify.Basic.Lists
/-!
# The HAL's resources as a state machine

What `tv_lock_take` and `tv_lock_give` compute, for any number of tasks and resources. Both are numbered from 1; 0 is
none. A larger priority is more urgent. Obligations: `locks.deadlock_free`, `locks.inversion_bounded`.
-/
namespace TinyVerify

/-- `owner r`: the task that holds `r`. `wants t`: the resource that `t` waits for. `base t`: its own priority,
`priority t`: what the scheduler goes by. -/
structure Locks where
  owner : Nat → Nat
  wants : Nat → Nat
  base : Nat → Nat
  priority : Nat → Nat

namespace Locks

/-- `f`, but `value` at `i`. -/
def update (f : Nat → Nat) (i value : Nat) : Nat → Nat := fun j => if j = i then value else f j

/-- The largest of `least` and of `value t` for the tasks `t` in `1 .. n` that `test` picks. -/
def largest (test : Nat → Bool) (value : Nat → Nat) (least : Nat) : Nat → Nat
  | 0 => least
  | n + 1 =>
    if test (n + 1) = true ∧ largest test value least n < value (n + 1) then value (n + 1)
    else largest test value least n

/-- Whether `task` holds one of the resources `resource .. n`. -/
def holdsFrom (owner : Nat → Nat) (task resource : Nat) : Nat → Bool
  | 0 => false
  | n + 1 => (decide (resource ≤ n + 1) && decide (owner (n + 1) = task)) || holdsFrom owner task resource n

/-- Up the chain of waiting tasks, `rounds` times: who holds what `task` wants gets at least its priority. -/
def lend (owner wants : Nat → Nat) : Nat → (Nat → Nat) → Nat → (Nat → Nat)
  | 0, priority, _ => priority
  | n + 1, priority, task =>
    let holder := owner (wants task)
    let raised := if holder ≠ 0 ∧ priority holder < priority task then update priority holder (priority task)
      else priority
    lend owner wants n raised holder

/-- Nothing held, nobody waits. -/
def first (base : Nat → Nat) : Locks := ⟨fun _ => 0, fun _ => 0, base, base⟩

/-- `task` gets `resource` if it is free, and waits for it otherwise. -/
def acquire (tasks : Nat) (s : Locks) (task resource : Nat) : Locks :=
  if s.owner resource = 0 then
    let wants := update s.wants task 0
    let raised := largest (fun t => decide (wants t = resource)) s.priority (s.priority task) tasks
    ⟨update s.owner resource task, wants, s.base, update s.priority task raised⟩
  else
    let wants := update s.wants task resource
    ⟨s.owner, wants, s.base, lend s.owner wants (tasks - 1) s.priority task⟩

/-- Whether there are such a task and such a resource. -/
def exist (tasks resources task resource : Nat) : Bool :=
  (decide (1 ≤ task) && decide (task ≤ tasks)) && (decide (1 ≤ resource) && decide (resource ≤ resources))

/-- `tv_lock_take`: refused unless `resource` lies above all that `task` holds. -/
def take (tasks resources : Nat) (s : Locks) (task resource : Nat) : Locks :=
  if (exist tasks resources task resource && !holdsFrom s.owner task resource resources) = true then
    acquire tasks s task resource
  else s

/-- `tv_lock_give`: refused unless `task` holds `resource`. -/
def give (tasks resources : Nat) (s : Locks) (task resource : Nat) : Locks :=
  if (exist tasks resources task resource && decide (s.owner resource = task)) = true then
    let owner := update s.owner resource 0
    let lent := fun t => decide (s.wants t ≠ 0) && decide (owner (s.wants t) = task)
    ⟨owner, s.wants, s.base, update s.priority task (largest lent s.priority (s.base task) tasks)⟩
  else s

inductive Call where
  | take (task resource : Nat)
  | give (task resource : Nat)

def step (tasks resources : Nat) (s : Locks) : Call → Locks
  | .take task resource => take tasks resources s task resource
  | .give task resource => give tasks resources s task resource

/-- The state after `calls`, the last of them first in the list. -/
def after (tasks resources : Nat) (base : Nat → Nat) : List Call → Locks
  | [] => first base
  | call :: calls => step tasks resources (after tasks resources base calls) call

/-- A table as a function, 0 beyond its end. -/
def entry : List Nat → Nat → Nat
  | [], _ => 0
  | n :: _, 0 => n
  | _ :: ns, i + 1 => entry ns i

/-- `f 0, ..., f n`. -/
def table (f : Nat → Nat) : Nat → List Nat
  | 0 => [f 0]
  | n + 1 => before (table f n) [f (n + 1)]

/-- Owners, wants and priorities as a list, for comparison with other implementations. -/
def listed (tasks resources : Nat) (s : Locks) : List Nat :=
  before (table s.owner resources) (before (table s.wants tasks) (table s.priority tasks))

/-- Task `a` waits for what task `b` holds. -/
def WaitsFor (s : Locks) (a b : Nat) : Prop := s.wants a ≠ 0 ∧ s.owner (s.wants a) = b ∧ b ≠ 0

/-- A chain of waiting tasks, of one link or more. -/
inductive Chain (s : Locks) : Nat → Nat → Prop where
  | one {a b : Nat} : s.WaitsFor a b → Chain s a b
  | more {a b c : Nat} : s.WaitsFor a b → Chain s b c → Chain s a c

/-- Whatever calls are made in whatever order, no task waits, along a chain, for itself. -/
def DeadlockFree (tasks resources : Nat) : Prop :=
  ∀ base calls a, ¬ (after tasks resources base calls).Chain a a

/-- Whatever calls are made: whoever a task waits for, along a chain, runs with at least that task's priority, and
nobody falls below its own. -/
def InversionBounded (tasks resources : Nat) : Prop :=
  ∀ base calls, (∀ a b, (after tasks resources base calls).Chain a b →
    (after tasks resources base calls).priority a ≤ (after tasks resources base calls).priority b) ∧
  ∀ t, base t ≤ (after tasks resources base calls).priority t

end Locks
end TinyVerify
