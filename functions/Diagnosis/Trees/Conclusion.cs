using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>A leaf: the cause, and who mends it.</summary>
/// <param name="Id">The manual's word where it has one (<c>instance_not_found</c>).</param>
/// <param name="Severity">How urgent it is .</param>
/// <param name="Cause">A sentence; <c>{tenant}</c>, <c>{instance}</c> and <c>{gateway}</c> stand for the place.</param>
/// <param name="Remedy">The runbook that mends it; null: none does.</param>
/// <param name="Task">What a person does; null: nothing is left to do, or the runbook does it all.</param>
internal sealed record Conclusion(string Id, Severity Severity, string Cause, Remedy? Remedy = null, string? Task = null);
