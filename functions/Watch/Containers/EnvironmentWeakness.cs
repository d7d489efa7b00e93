namespace WhatsOps.Watch;

/// <summary>What is wrong with the value of a secret variable.</summary>
internal enum EnvironmentWeakness
{
    Default,
    Placeholder,
    SameAsUser,
    Short,
    Repetitive,
    Shared,
}
