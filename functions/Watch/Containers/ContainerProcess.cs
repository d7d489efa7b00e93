namespace WhatsOps.Watch;

/// <summary>A process of a container.</summary>
/// <param name="Command">Name of its program, without arguments: they may hold secrets.</param>
/// <param name="Kilobytes">Of memory that it has in use (resident set).</param>
internal sealed record ContainerProcess(string Pid, string Command, long Kilobytes);
