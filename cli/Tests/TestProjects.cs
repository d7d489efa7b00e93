using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Tests;

/// <summary>Every test project of the repository: a csproj that says IsTestProject.</summary>
internal static class TestProjects
{
    /// <summary>Name and test program of each, in the order of their names.</summary>
    public static IReadOnlyList<TestProject> All() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("<IsTestProject>true</IsTestProject>", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => new TestProject(
                Path.GetFileName(Path.GetDirectoryName(file)!),
                Path.Combine(Path.GetDirectoryName(file)!, "bin", "Release", "net10.0", Path.GetFileNameWithoutExtension(file) + ".dll"))),
    ];
}

/// <summary>A test project and the program that runs it.</summary>
internal sealed record TestProject(string Name, string Program);
