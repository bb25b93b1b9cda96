import TinyVerify.Basic.Lists
/-!
# Locks: tasks that take resources in ascending order never deadlock

A task is a list of steps; where it stands, it holds what it took and has not given back, and it
waits for the resource that its next step takes. Obligation: `locks.no_deadlock`.
-/
namespace TinyVerify

inductive Step where
  | take (resource : Nat)
  | give (resource : Nat)

/-- `resource` without its first occurrence in the list. -/
def without (resource : Nat) : List Nat → List Nat
  | [] => []
  | r :: rs => if r = resource then rs else r :: without resource rs

/-- What is held after `count` steps, `held` before them. -/
def heldAfter (held : List Nat) : List Step → Nat → List Nat
  | _, 0 => held
  | [], _ + 1 => held
  | .take r :: steps, n + 1 => heldAfter (r :: held) steps n
  | .give r :: steps, n + 1 => heldAfter (without r held) steps n

/-- The resource that the next step takes, if it takes one. -/
def wants : List Step → Nat → Option Nat
  | [], _ => none
  | .take r :: _, 0 => some r
  | .give _ :: _, 0 => none
  | _ :: steps, n + 1 => wants steps n

/-- A moment: each task has done some of its steps. -/
structure Moment where
  steps : Nat → List Step
  done : Nat → Nat

/-- Task `a` wants what task `b` holds. -/
def Moment.WaitsFor (m : Moment) (a b : Nat) : Prop :=
  ∃ r, wants (m.steps a) (m.done a) = some r ∧ r ∈ heldAfter [] (m.steps b) (m.done b)

/-- A chain of waiting tasks, of one link or more. -/
inductive Moment.Chain (m : Moment) : Nat → Nat → Prop where
  | one {a b : Nat} : m.WaitsFor a b → Chain m a b
  | more {a b c : Nat} : m.WaitsFor a b → Chain m b c → Chain m a c

/-- Deadlock: a task that waits, along a chain, for itself. -/
def Moment.Deadlock (m : Moment) : Prop := ∃ a, m.Chain a a

/-- Each taken resource lies above all that are held. -/
def ascendingFrom (held : List Nat) : List Step → Bool
  | [] => true
  | .take r :: steps => all (fun h => Nat.ble (h + 1) r) held && ascendingFrom (r :: held) steps
  | .give r :: steps => ascendingFrom (without r held) steps

def ascending (steps : List Step) : Bool := ascendingFrom [] steps

end TinyVerify
