using System.Reflection;
using Mono.Cecil;

namespace Decant.Tests.Architecture;

/// <summary>The assemblies of the project, the lowest first.</summary>
internal static class Assemblies
{
    public static IReadOnlyList<Assembly> All { get; } =
    [
        typeof(DecantException).Assembly,
        typeof(Decant.Text.Tokenizer).Assembly,
        typeof(Decant.Inference.TextClassifier).Assembly,
        typeof(Decant.Serving.DecantServer).Assembly,
        typeof(Decant.Torch.Tensor).Assembly,
        typeof(Decant.Modules.Module).Assembly,
        typeof(Decant.LLama.GgufTeacher).Assembly,
        typeof(Decant.Runs.Catalog).Assembly,
        typeof(Decant.Cli.Program).Assembly,
        typeof(Decant.Bench.BenchJob).Assembly,
    ];

    /// <summary>Every type that stands in a namespace of ours, with the types of ours that it uses, each by the outermost type around it.</summary>
    public static IEnumerable<(TypeReference User, TypeReference Used)> Uses(Assembly assembly)
    {
        using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
        foreach (var type in definition.MainModule.GetTypes())
        {
            // What the compiler adds for the whole assembly (<Module>, <PrivateImplementationDetails>) has no namespace.
            if (TypeUses.Outermost(type) is not { Namespace.Length: > 0 } user)
                continue;
            foreach (var used in TypeUses.Of(type).Select(TypeUses.Outermost).Where(IsOurs))
                yield return (user, used);
        }
    }

    private static bool IsOurs(TypeReference type) => type.Namespace == "Decant" || type.Namespace.StartsWith("Decant.", StringComparison.Ordinal);
}
