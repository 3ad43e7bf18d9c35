using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Symbolic;
using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Export.Onnx.Translation;

/// <summary>One call on its way into a graph: its arguments, with the defaults of the schema, and what is made of them.</summary>
/// <param name="graph">The graph that is built.</param>
/// <param name="values">The names and contents of values.</param>
/// <param name="call">The call.</param>
internal sealed class CallTranslation(GraphBuilder graph, ValueNames values, SymbolicCall call)
{
    /// <summary>The graph that is built.</summary>
    public GraphBuilder Graph => graph;

    /// <summary>The operator's name with the overload.</summary>
    public string Operator => call.Operator;

    /// <summary>How many arguments were given.</summary>
    public int Count => call.Arguments.Count;

    /// <summary>The result's type, that of the first where there are several.</summary>
    public DType DType => values.Of(call.Results[0]).DType;

    /// <summary>The result's sizes.</summary>
    public IReadOnlyList<Size> Shape => values.Of(call.Results[0]).Shape;

    /// <summary>The sizes of one of several results.</summary>
    public IReadOnlyList<Size> ShapeOf(int result) => values.Of(call.Results[result]).Shape;

    /// <summary>How many results it gives.</summary>
    public int Results => call.Results.Count;

    /// <summary>The type, sizes and source of a tensor.</summary>
    public SymbolicValue Value(int argument) => values.Of(Index(argument));

    /// <summary>Whether an argument is a tensor.</summary>
    public bool IsTensor(int argument) => argument < Count && call.Arguments[argument].Kind == ArgumentKind.Value;

    /// <summary>Whether an argument is left out.</summary>
    public bool IsNone(int argument) => argument >= Count || call.Arguments[argument].Kind is ArgumentKind.None or ArgumentKind.Default;

    /// <summary>The name of a tensor in the graph.</summary>
    public string Input(int argument) => values.NameOf(Index(argument));

    /// <summary>The name of a tensor in the graph, empty where it is left out.</summary>
    public string OptionalInput(int argument) => IsNone(argument) ? "" : Input(argument);

    /// <summary>A tensor, converted to a type where it has another.</summary>
    public string Input(int argument, DType dtype) => values.Of(Index(argument)) is var value && value.DType == dtype ? Input(argument) : Cast(Input(argument), dtype);

    /// <summary>The values of a list of tensors.</summary>
    public int[] Indices(int argument) => (int[])call.Arguments[argument].Content!;

    /// <summary>The name of the parameter that an argument is the transpose of, so that it needs no other constant; null: it is none.</summary>
    public string? TransposedInput(int argument) => values.TransposedParameter(Index(argument)) is { } parameter ? values.NameOf(parameter) : null;

    /// <summary>The name of a value in the graph.</summary>
    public string NameOf(int value) => values.NameOf(value);

    /// <summary>A value.</summary>
    public SymbolicValue ValueOf(int value) => values.Of(value);

    /// <summary>The elements of a value that never changes; null: it does.</summary>
    public Array? ConstantOf(int value) => values.ConstantOf(value);

    /// <summary>The index of a tensor's value.</summary>
    public int Index(int argument) => call.Arguments[argument] is { Kind: ArgumentKind.Value, Content: int index } ? index : throw Unexpected(argument, "a tensor");

    /// <summary>An integer or size; the default where it is left out.</summary>
    public Size Size(int argument, Size? standard = null) => IsNone(argument) && standard is not null ? standard : call.Arguments[argument].Content switch
    {
        Size size => size,
        double number when number == Math.Floor(number) => (long)number,
        _ => throw Unexpected(argument, "an integer"),
    };

    /// <summary>An integer that does not vary.</summary>
    public long Integer(int argument, long? standard = null) =>
        Size(argument, standard is { } s ? s : null).Constant ?? throw new DecantException($"{call.Operator}: its argument {argument} depends on the size of the input, which ONNX does not allow.");

    /// <summary>A list of sizes; one alone is a list of one.</summary>
    public IReadOnlyList<Size> Sizes(int argument, IReadOnlyList<Size>? standard = null) => IsNone(argument) && standard is not null ? standard : call.Arguments[argument].Content switch
    {
        Size[] sizes => sizes,
        Size size => [size],
        _ => throw Unexpected(argument, "integers"),
    };

    /// <summary>A list of integers that do not vary.</summary>
    public long[] Integers(int argument, long[]? standard = null) => IsNone(argument) && standard is not null ? standard
        : [.. Sizes(argument).Select(s => s.Constant ?? throw new DecantException($"{call.Operator}: its argument {argument} depends on the size of the input, which ONNX does not allow."))];

    /// <summary>Dimensions, counted from the front.</summary>
    public long[] Axes(int argument, int rank) => [.. Integers(argument).Select(a => a < 0 ? a + rank : a)];

    /// <summary>A dimension of a tensor, counted from the front.</summary>
    public long Axis(int argument, int rank, long standard = 0) => Integer(argument, standard) is var axis && axis < 0 ? axis + rank : axis;

    /// <summary>A number; the default where it is left out.</summary>
    public double Number(int argument, double? standard = null) => IsNone(argument) && standard is { } s ? s : call.Arguments[argument].Content switch
    {
        double number => number,
        Size { Constant: { } whole } => whole,
        _ => throw Unexpected(argument, "a number"),
    };

    /// <summary>A number that may be left out.</summary>
    public double? OptionalNumber(int argument) => IsNone(argument) ? null : Number(argument);

    /// <summary>A truth value; the default where it is left out.</summary>
    public bool Flag(int argument, bool standard = false) => IsNone(argument) ? standard : (bool)call.Arguments[argument].Content!;

    /// <summary>A text; the default where it is left out.</summary>
    public string Text(int argument, string standard) => IsNone(argument) ? standard : (string)call.Arguments[argument].Content!;

    /// <summary>A number as a constant of a type.</summary>
    public string Scalar(int argument, DType dtype) => graph.Scalar(Number(argument), dtype);

    /// <summary>Converts.</summary>
    public string Cast(string value, DType dtype) => graph.Node("Cast", [value], OnnxNode.Attribute("to", (long)Elements.TypeOf(dtype)));

    /// <summary>Names what the call gives.</summary>
    public void Give(string name, int result = 0) => values.Name(call.Results[result], name);

    private DecantException Unexpected(int argument, string expected) =>
        new($"{call.Operator}: its argument {argument} is {call.Arguments[argument].Kind}; {expected} was expected.");
}
