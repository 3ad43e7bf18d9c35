using Mono.Cecil;

namespace Decant.Tests.Architecture;

/// <summary>Who may know whom, read from the compiled assembly. docs/design.md says why.</summary>
public class ImportTests
{
    // A room sees itself, the base class library and what stands here.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Modules"] = ["Torch"],
        ["Models"] = ["Torch", "Modules"],
        ["Text"] = [],
        ["Data"] = ["Torch", "Text"],
        ["Signals"] = ["Torch", "Data", "Modules"],
        ["Teachers"] = ["Torch", "Modules", "Models", "Data", "Signals"],
        ["Objectives"] = ["Torch", "Data", "Signals", "Modules"],
        ["Training"] = ["Torch", "Signals", "Data", "Modules", "Export"],
        ["Evaluation"] = ["Torch", "Modules", "Models", "Data", "Signals"],
        ["Export"] = ["Torch", "Modules", "Models", "Text"],
        ["Recipes"] = [],
        ["Reports"] = [],
        ["Jobs"] = ["Torch", "Modules", "Models", "Text", "Data", "Signals", "Teachers", "Objectives", "Training", "Evaluation", "Export", "Recipes", "Reports"],
        ["Cli"] = ["Jobs", "Recipes", "Reports"],
    };

    [Fact]
    public void Every_room_imports_only_what_the_design_allows()
    {
        var faults = new SortedSet<string>();
        var rooms = new HashSet<string>();
        foreach (var assembly in new[] { typeof(DecantException).Assembly, typeof(Decant.Cli.Program).Assembly })
        {
            using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
            foreach (var type in definition.MainModule.GetTypes())
            {
                if (RoomOf(type) is not { } room)
                    continue;
                rooms.Add(room);
                Assert.True(s_allowed.ContainsKey(room), $"{type.FullName} stands in a room that the design does not know: {room}");
                foreach (var other in TypeUses.Of(type).Select(RoomOf).OfType<string>().Where(other => other != room && !s_allowed[room].Contains(other)))
                    faults.Add($"{room} → {other} in {type.FullName}");
            }
        }

        Assert.True(rooms.Count >= 10, $"only {rooms.Count} rooms were found");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Unsafe_code_stands_in_interop_alone()
    {
        var faults = new SortedSet<string>();
        foreach (var assembly in new[] { typeof(Decant.Torch.Tensor).Assembly, typeof(DecantException).Assembly, typeof(Decant.Cli.Program).Assembly })
        {
            using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
            foreach (var method in definition.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
            {
                var pointers = method.Body.Variables.Any(v => v.VariableType.IsPointer) || method.Parameters.Any(p => p.ParameterType.IsPointer);
                if (pointers && method.DeclaringType.FullName is var name && !name.Contains(".Interop.", StringComparison.Ordinal) && !name.StartsWith('<'))
                    faults.Add(method.FullName);
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static string? RoomOf(TypeReference type)
    {
        var parts = TypeUses.Outermost(type).Namespace.Split('.');
        return parts is ["Decant", var room, ..] ? room : null;
    }
}
