using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Console;

/// <summary>Which HTTP functions read the body of their request, found in the sources: directly, or in a method that they hand the request to.</summary>
internal static class BodyReaders
{
    /// <summary>By function name; the type that the JSON is read as, null where the text itself is taken.</summary>
    public static IReadOnlyDictionary<string, string?> Find()
    {
        var methods = Sources.CSharpIn(Sources.Functions).Select(File.ReadAllText).Where(text => text.Contains("HttpRequest ", StringComparison.Ordinal))
            .SelectMany(text => CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.ParameterList.Parameters.Any(parameter => parameter.Type?.ToString() == "HttpRequest")).ToList();
        return methods.Select(method => (Name: FunctionOf(method), Read: Read(method, methods, [])))
            .Where(found => found.Name is not null && found.Read.Reads).ToDictionary(found => found.Name!, found => found.Read.Type);
    }

    private static string? FunctionOf(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => attribute.Name.ToString() == "Function")?.ArgumentList?.Arguments[0].ToString().Trim('"');

    private static (bool Reads, string? Type) Read(MethodDeclarationSyntax method, IReadOnlyList<MethodDeclarationSyntax> methods, HashSet<MethodDeclarationSyntax> seen)
    {
        if (!seen.Add(method)) return (false, null);
        var reads = method.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access => access.ToString() is "request.Body" or "request.BodyReader");
        foreach (var call in method.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => call.ArgumentList.Arguments.Any(argument => argument.ToString() is "request" or "request.Body")))
        {
            var name = (call.Expression as MemberAccessExpressionSyntax)?.Name ?? call.Expression as SimpleNameSyntax;
            if (name is GenericNameSyntax typed) return (true, typed.TypeArgumentList.Arguments[0].ToString());
            foreach (var called in methods.Where(other => other.Identifier.Text == name?.Identifier.Text && IsMeant(call, other)))
                if (Read(called, methods, seen) is { Reads: true } deeper) return deeper;
        }

        return (reads, null);
    }

    // Here(request) is of the same class, Type.There(request) of that one, field.There(request) of any.
    private static bool IsMeant(InvocationExpressionSyntax call, MethodDeclarationSyntax method)
    {
        var home = method.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text;
        return call.Expression is not MemberAccessExpressionSyntax { Expression: var place }
            ? call.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text == home
            : !char.IsUpper(place.ToString()[0]) || place.ToString() == home;
    }
}
