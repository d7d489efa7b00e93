namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where every function app starts.</summary>
public class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
