using System.Collections.ObjectModel;
using System.Reflection;

namespace WhatsOps.Tests.Unit.Embedded;

/// <summary>C# names of types with their nullability, read from the compiler's NullableAttribute.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double",
    };

    public static string Of(Type type) => Name(type, new Flags([], 0));

    public static string Of(Type type, ICustomAttributeProvider member) => Name(type, FlagsOf(member));

    private static string Name(Type type, Flags flags)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            flags.Next();
            return Name(value, flags) + "?";
        }

        // The flags come in the order of the text; a plain value type has none.
        var nullable = (!type.IsValueType || type.IsGenericType) && flags.Next() == 2 && !type.IsValueType ? "?" : "";
        if (type.IsArray)
            return Name(type.GetElementType()!, flags) + "[]" + nullable;
        if (type.IsGenericParameter)
            return type.Name + nullable;
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + nullable;
        var name = (type.IsNested ? Of(type.DeclaringType!) : type.Namespace) + "." + type.Name.Split('`')[0];
        return type.IsGenericType
            ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(argument => Name(argument, flags)))}>{nullable}"
            : name + nullable;
    }

    private static Flags FlagsOf(ICustomAttributeProvider provider)
    {
        var attributes = provider switch
        {
            ParameterInfo parameter => parameter.GetCustomAttributesData(),
            MemberInfo member => member.GetCustomAttributesData(),
            _ => throw new ArgumentException("a member or a parameter", nameof(provider)),
        };
        if (Argument(attributes, "NullableAttribute") is { } own)
        {
            return own.Value is byte one
                ? new Flags([], one)
                : new Flags([.. ((ReadOnlyCollection<CustomAttributeTypedArgument>)own.Value!).Select(b => (byte)b.Value!)], 0);
        }

        var scope = provider switch
        {
            ParameterInfo parameter => parameter.Member,
            PropertyInfo property => property.GetAccessors(true)[0],
            _ => ((MemberInfo)provider).DeclaringType,
        };
        for (; scope is not null; scope = scope.DeclaringType)
        {
            if (Argument(scope.GetCustomAttributesData(), "NullableContextAttribute") is { Value: byte context })
                return new Flags([], context);
        }

        return new Flags([], 0);
    }

    private static CustomAttributeTypedArgument? Argument(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.FirstOrDefault(a => a.AttributeType.Name == name)?.ConstructorArguments[0];

    private sealed class Flags(byte[] each, byte all)
    {
        private int position;

        public byte Next() => position < each.Length ? each[position++] : all;
    }
}
