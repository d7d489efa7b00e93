namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Lets HTTP functions use ASP.NET Core's HttpRequest and results.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.UsesWebApplication = true;
        return builder;
    }
}
