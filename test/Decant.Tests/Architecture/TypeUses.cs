using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Decant.Tests.Architecture;

/// <summary>Which types a type uses, read from the compiled assembly.</summary>
internal static class TypeUses
{
    /// <summary>The types of bases, fields, signatures and locals, and of what the instructions name, with their generic arguments; each as often as it stands there.</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        var used = new List<TypeReference?> { type.BaseType };
        used.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        used.AddRange(type.Fields.Select(f => f.FieldType));
        foreach (var method in type.Methods)
        {
            used.AddRange(Signature(method));
            if (!method.HasBody)
                continue;
            used.AddRange(method.Body.Variables.Select(v => v.VariableType));
            used.AddRange(method.Body.ExceptionHandlers.Select(h => h.CatchType));
            used.AddRange(method.Body.Instructions.SelectMany(Operands));
        }

        return used.Where(t => t is not null).SelectMany(t => Flatten(t!));
    }

    /// <summary>The type that stands directly in a namespace, of one that may be nested.</summary>
    public static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static IEnumerable<TypeReference?> Operands(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments, .. Signature(method)],
        MethodReference method => [method.DeclaringType, .. Signature(method)],
        CallSite call => Signature(call),
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Signature(IMethodSignature method) => method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference> Flatten(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType),
        FunctionPointerType function => Signature(function).SelectMany(Flatten),
        TypeSpecification specification => Flatten(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
