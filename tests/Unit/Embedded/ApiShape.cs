using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WhatsOps.Tests.Unit.Embedded;

/// <summary>Writes a type's visible members the way functions-api.txt does: "Type|K signature".</summary>
internal static class ApiShape
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> MembersOf(Type type)
    {
        var name = TypeNames.Of(type);
        if (type.IsEnum)
            return Enum.GetNames(type).Select(e => $"{name}|E {e} = {Convert.ToInt64(Enum.Parse(type, e), CultureInfo.InvariantCulture)}"
                + Obsolete(type.GetField(e)!));
        if (typeof(Delegate).IsAssignableFrom(type))
            return [$"{name}|D {Method(type.GetMethod("Invoke")!, isDelegate: true)}"];
        return type.GetConstructors(Declared).Where(Visible).Where(c => !c.IsStatic)
                .Select(c => $"{name}|C {Access(c)} .ctor({Parameters(c)})")
            .Concat(type.GetMethods(Declared).Where(Visible).Where(m => !IsAccessor(type, m) && !m.Name.StartsWith('<'))
                .Select(m => $"{name}|M {Method(m)}{Obsolete(m)}"))
            .Concat(type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Visible)).Select(p => $"{name}|P {Property(p)}{Obsolete(p)}"))
            .Concat(type.GetFields(Declared).Where(f => f.IsPublic).Select(f =>
                $"{name}|F {(f.IsLiteral ? "const" : f.IsInitOnly ? "static readonly" : "")} {TypeNames.Of(f.FieldType, f)} {f.Name}"
                + (f.IsLiteral ? $" = {Value(f.GetRawConstantValue())}" : "")));
    }

    /// <summary>The line about the type itself, in parts: what it is, its bases, its AttributeUsage.</summary>
    public static (string Kind, string? Base, string[] Interfaces, string Usage) HeadOf(Type type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? "struct" : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")
                + (type.GetMethod("<Clone>$") is null ? "class" : "record");
        var usage = type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } declared ? declared.ValidOn.ToString() : "";
        return (kind, type.BaseType is { } parent ? TypeNames.Of(parent) : null, type.IsEnum ? [] : [.. type.GetInterfaces().Select(i => TypeNames.Of(i))], usage);
    }

    public static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(Type type, MethodInfo method) =>
        type.GetProperties(Declared).Any(p => p.GetAccessors(true).Contains(method));

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifiers(MethodInfo method, bool isDelegate = false)
    {
        var access = Access(method);
        if (method.IsStatic)
            return access + " static";
        if (method.DeclaringType!.IsInterface)
            return access;
        if (isDelegate)
            return access + " virtual";
        if (method.IsAbstract)
            return access + " abstract";
        // The listing's tool shows `sealed override` as plain, as records have it for Equals(base).
        if (method.GetBaseDefinition() != method)
            return method.IsFinal ? access : access + " override";
        return method.IsVirtual && !method.IsFinal ? access + " virtual" : access;
    }

    private static string Method(MethodInfo method, bool isDelegate = false)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{Modifiers(method, isDelegate)} {TypeNames.Of(method.ReturnType, method.ReturnParameter)} {method.Name}{generic}({Parameters(method)})"
            + string.Concat(method.GetGenericArguments().Select(Constraints));
    }

    private static string Constraints(Type argument)
    {
        var constraints = argument.GetGenericParameterConstraints().Select(c => TypeNames.Of(c)).ToList();
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            constraints.Insert(0, "class");
        return constraints.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", constraints)}";
    }

    private static string Property(PropertyInfo property)
    {
        var shown = property.GetAccessors(true).First(Visible);
        var accessors = string.Concat(
            property.GetMethod is { } get && Visible(get) ? "get; " : "",
            property.SetMethod is not { } set || !Visible(set) ? ""
                : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ");
        return $"{Modifiers(shown)} {TypeNames.Of(property.PropertyType, property)} {property.Name} {{ {accessors}}}";
    }

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select((p, i) =>
            (extension && i == 0 ? "this " : "")
            + (p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
            // The listing's tool shows no nullability on out parameters.
            + (p.IsOut ? "out " + TypeNames.Of(p.ParameterType.GetElementType()!) : TypeNames.Of(p.ParameterType, p))
            + " " + p.Name
            + (p.HasDefaultValue ? " = " + Default(p) : "")));
    }

    private static string Default(ParameterInfo parameter) =>
        parameter.DefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
            ? "default" : Value(parameter.DefaultValue);

    [SuppressMessage("Globalization", "CA1308", Justification = "C# spells true and false in lower case.")]
    private static string Value(object? value) => value switch
    {
        null => "null",
        bool truth => truth.ToString().ToLowerInvariant(),
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Obsolete(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute)) ? " [Obsolete]" : "";
}
