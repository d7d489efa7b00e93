using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Secrets in the environment of a container: weak ones are findings, that they stand there at all is advice. They are told by their names alone .</summary>
internal static class ContainerEnvironment
{
    private const int Shown = 10;

    public static IEnumerable<Trouble> Troubles(ContainerTarget target, ContainerInspectResponse container)
    {
        if (!target.Environment) yield break;
        var name = target.Container.Container;
        var secrets = EnvironmentSecrets.Of(container.Config?.Env ?? []);
        foreach (var (variable, weakness) in secrets)
            if (weakness is { } weak)
                yield return new(TroubleKinds.Misconfigured, SeverityOf(weak), $"{variable} in the environment of container {name} {Words(weak)}. Fix: a random one (openssl rand -hex 32), in every place that uses it.") { Subject = $"environment {variable}" };
        if (secrets.Count == 0) yield break;
        var names = string.Join(", ", secrets.Take(Shown).Select(secret => secret.Name)) + (secrets.Count > Shown ? ", …" : "");
        yield return new(TroubleKinds.Exposed, Severity.Info, $"Container {name} has {secrets.Count} secrets in its environment ({names}): whoever may ask the engine, or reads the environment of its process, has them. Advice: secrets of compose or Swarm, and the variables that end in _FILE.") { Subject = "environment" };
    }

    private static Severity SeverityOf(EnvironmentWeakness weakness) => weakness switch
    {
        EnvironmentWeakness.Default or EnvironmentWeakness.Placeholder or EnvironmentWeakness.SameAsUser => Severity.High,
        EnvironmentWeakness.Shared => Severity.Low,
        _ => Severity.Medium,
    };

    private static string Words(EnvironmentWeakness weakness) => weakness switch
    {
        EnvironmentWeakness.Default => "is one that products ship with, and that is tried first",
        EnvironmentWeakness.Placeholder => "is still the placeholder of an example file",
        EnvironmentWeakness.SameAsUser => "is the same as its user's name",
        EnvironmentWeakness.Short => "is so short that it can be guessed (a password has 12 characters or more, a key 20, or 32 hex digits)",
        EnvironmentWeakness.Repetitive => "repeats itself so much that it can be guessed",
        _ => "is the same as another key there: who has one has both",
    };
}
