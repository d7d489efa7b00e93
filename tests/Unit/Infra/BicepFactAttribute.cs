using System.Runtime.CompilerServices;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>A test that needs the Bicep compiler; where there is none it says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Bicep.Absent;
}
