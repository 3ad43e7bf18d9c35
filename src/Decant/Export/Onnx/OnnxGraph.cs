using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Passes;
using Decant.Export.Onnx.Signatures;
using Decant.Export.Onnx.Symbolic;
using Decant.Export.Onnx.Translation;
using Decant.Modules;

namespace Decant.Export.Onnx;

/// <summary>Makes the ONNX graph of a model.</summary>
internal static class OnnxGraph
{
    /// <summary>The version of the standard's operators that is written: what ONNX Runtime 1.20 and later, and what is built on them, read.</summary>
    public const int Opset = 21;

    /// <summary>The graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signature">How it is called.</param>
    /// <exception cref="DecantException">Operators that ONNX does not have, all of them, with their modules; or the model is not one graph for all sizes.</exception>
    public static ModelProto Of(Model model, GraphSignature signature)
    {
        var program = ModelRecording.Of(model, signature);
        RequireTranslations(program, model);
        var symbols = signature.Symbols();
        ValueNames names = null!;
        var builder = new GraphBuilder(symbol => SizeNames.ValueOf(symbol) is var (value, axis) ? (names.NameOf(value), axis) : symbols[symbol]);
        names = new ValueNames(builder, program, model.NamedState().DistinctBy(s => s.Value).ToDictionary(s => s.Value, s => s.Key));
        DeclareInputs(builder, names, program, signature);
        foreach (var call in program.Calls.Where(call => !call.Results.All(r => r < 0 || names.IsConstant(r))))
            Translations.Find(call.Operator)!(new CallTranslation(builder, names, call));
        DeclareOutputs(builder, names, program);
        GraphPasses.Run(builder.Graph);
        return Model(builder.Graph, signature);
    }

    private static void RequireTranslations(SymbolicGraph program, Model model)
    {
        var paths = model.NamedModules().DistinctBy(m => m.Value).ToDictionary(m => (object)m.Value, m => m.Key, ReferenceEqualityComparer.Instance);
        string[] faults = [.. program.Calls.Where(c => Translations.Find(c.Operator) is null).Select(c => c.Operator + ModelRecording.NameOf(c.Place, paths)).Distinct()];
        if (faults.Length > 0)
            throw new DecantException($"ONNX has no operator for what the model computes:\n  {string.Join("\n  ", faults)}\nCompute it of other operators, or leave it out of the forward pass.");
    }

    private static void DeclareInputs(GraphBuilder builder, ValueNames names, SymbolicGraph program, GraphSignature signature)
    {
        foreach (var input in signature.Inputs)
        {
            _ = builder.Fresh(input.Name);
            builder.Graph.Input.Add(Describe(input.Name, Elements.TypeOf(input.DType), input.Shape));
        }

        for (var i = 0; i < program.Values.Count; i++)
        {
            if (program.Values[i].Source.Input is { } name)
                names.Name(i, name);
        }
    }

    private static void DeclareOutputs(GraphBuilder builder, ValueNames names, SymbolicGraph program)
    {
        foreach (var (name, index) in program.Outputs)
        {
            // Of its own, for one value may be two outputs, or an input as well.
            builder.Graph.Node.Add(OnnxNode.Make("Identity", [names.NameOf(index)], [builder.Fresh(name)]));
            var value = program.Values[index];
            builder.Graph.Output.Add(Describe(name, Elements.TypeOf(value.DType), value.Shape));
        }
    }

    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, IReadOnlyList<Size> shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        foreach (var size in shape)
        {
            tensor.Shape.Dim.Add(size.Constant is { } constant
                ? new TensorShapeProto.Types.Dimension { DimValue = constant }
                : new TensorShapeProto.Types.Dimension { DimParam = size.ToString() });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static ModelProto Model(GraphProto graph, GraphSignature signature)
    {
        var model = new ModelProto { IrVersion = OnnxFile.IrVersion, ProducerName = "Decant", ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version!.ToString(3), Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        if (graph.Node.Any(n => n.Domain == OnnxNode.RuntimeDomain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNode.RuntimeDomain, Version = 1 });
        foreach (var (key, value) in signature.Facts)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
