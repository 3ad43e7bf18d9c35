using Decant.Export.Onnx.Symbolic;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>What the values of a program are called in its graph. Parameters, buffers and constants come into the graph when they are asked for.</summary>
/// <param name="builder">The graph.</param>
/// <param name="program">The program.</param>
/// <param name="stateNames">The dotted names of parameters and buffers.</param>
internal sealed class ValueNames(GraphBuilder builder, SymbolicGraph program, IReadOnlyDictionary<Tensor, string> stateNames)
{
    private readonly Dictionary<int, string> _names = [];
    private readonly Dictionary<Tensor, string> _states = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> _constants = Constants(program);
    private readonly Dictionary<int, int> _transposed = Transposed(program);

    /// <summary>A value.</summary>
    public SymbolicValue Of(int index) => program.Values[index];

    /// <summary>Whether a value is the same for all inputs.</summary>
    public bool IsConstant(int index) => _constants.Contains(index);

    /// <summary>The elements of a value that is the same for all inputs; null: it is not.</summary>
    public Array? ConstantOf(int index) => !_constants.Contains(index) ? null : Of(index).Source switch
    {
        { State: { } state } => Elements.Read(state),
        { Constant: { } constant } => constant,
        var source => source.Derived,
    };

    /// <summary>The parameter whose rows are a matrix's columns, where the matrix is one that was only transposed; null: it is not.</summary>
    public int? TransposedParameter(int index) => _transposed.TryGetValue(index, out var parameter) ? parameter : null;

    /// <summary>What a value is called.</summary>
    public string NameOf(int index)
    {
        if (_names.TryGetValue(index, out var name))
            return name;
        if (Of(index).Source is { State: { } state })
            return _names[index] = _states.TryGetValue(state, out var known) ? known : _states[state] = Add(index, stateNames[state]);
        return ConstantOf(index) is not null ? _names[index] = Add(index, null) : throw new InvalidOperationException($"The value {index} was not made yet.");
    }

    /// <summary>Names a value.</summary>
    public void Name(int index, string name) => _names[index] = name;

    private string Add(int index, string? name) => builder.Constant(Elements.Of(ConstantOf(index)!, [.. Of(index).Source.Shape]), name);

    private static Dictionary<int, int> Transposed(SymbolicGraph program) => program.Calls
        .Where(c => c.Operator.StartsWith("aten::transpose", StringComparison.Ordinal) && c.Arguments is [{ Content: int matrix }, ..]
            && program.Values[matrix] is { Source.State: not null, Shape.Count: 2 } && program.Values[c.Results[0]].Shape[0].Constant == program.Values[matrix].Shape[1].Constant
            && c.Arguments[1].Content is Size first && c.Arguments[2].Content is Size second && (first.Constant, second.Constant) is (0, 1) or (1, 0) or (-1, -2) or (-2, -1))
        .DistinctBy(c => c.Results[0]).ToDictionary(c => c.Results[0], c => (int)c.Arguments[0].Content!);

    // State, constants, and what is computed of them alone, with no size that varies.
    private static HashSet<int> Constants(SymbolicGraph program)
    {
        var constants = new HashSet<int>(Enumerable.Range(0, program.Values.Count).Where(i => program.Values[i].Source is { State: not null } or { Constant: not null }));
        foreach (var call in program.Calls)
        {
            var isFixed = call.Results.All(r => r < 0 || program.Values[r] is { Source.Derived: not null } value && value.Shape.All(s => s.Constant is not null))
                && call.Arguments.All(a => a.Content switch
                {
                    int value => constants.Contains(value),
                    int[] many => many.All(v => v < 0 || constants.Contains(v)),
                    Size size => size.Constant is not null,
                    Size[] sizes => sizes.All(s => s.Constant is not null),
                    _ => true,
                });
            if (isFixed)
                constants.UnionWith(call.Results.Where(r => r >= 0));
        }

        return constants;
    }
}
