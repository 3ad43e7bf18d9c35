using Decant.Export.Onnx;
using Decant.Export.Onnx.Running;
using Decant.Modules;
using Decant.Torch;
using Decant.Torch.Recording;

namespace Decant.Tests.Export.Onnx;

/// <summary>Models that Decant has never seen: exported with a batch as an example, or refused with the reason.</summary>
public sealed class OwnModelExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Place => Path.Combine(_folder.Path, "model.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Linear_layers_with_relus_between_as_in_the_sample()
    {
        using var scope = TensorScope.Open();
        using var model = new Layered(2, 24, 24, 2);
        Assert.InRange(OnnxExport.Save(Place, model, new ModelInput(Tensor.Zeros([1, 2]))), 0, 1e-5);
        using var session = OnnxSession.Open(Place);
        var input = Tensor.From(new float[] { 0.5f, -1, 2, 0.25f, -3, 1, 0, 0 }, 4, 2);
        var answers = session.Run(new Dictionary<string, OnnxArray> { ["features"] = new(input.ToArray<float>(), 4, 2) });
        Close(model.Forward(new ModelInput(input)), answers["logits"]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 40)]
    public void Tokens_with_a_mask(int batch, int length)
    {
        using var scope = TensorScope.Open();
        using var model = new Reader();
        var example = new ModelInput(Tensor.From(new long[] { 1, 19, 3, 0 }, 1, 4), Tensor.Full([1, 4], 1, DType.Bool));
        Assert.InRange(OnnxExport.Save(Place, model, example), 0, 1e-5);
        using var session = OnnxSession.Open(Place);
        Assert.Equal(["input_ids", "attention_mask"], session.Inputs.Select(i => i.Name));
        long[] ids = [.. Enumerable.Range(0, batch * length).Select(i => (long)(i * 7 % 20))], mask = [.. Enumerable.Range(0, batch * length).Select(i => i % length < 1 + (length / 2) ? 1L : 0)];
        var answers = session.Run(new Dictionary<string, OnnxArray> { ["input_ids"] = new(ids, batch, length), ["attention_mask"] = new(mask, batch, length) });
        Close(model.Forward(new ModelInput(Tensor.From(ids, batch, length), Tensor.From(mask, batch, length).To(DType.Bool))), answers["logits"]);
    }

    [Fact]
    public void A_model_without_an_example_asks_for_one()
    {
        using var model = new Layered(2, 2);
        Assert.Contains("give a batch as an example", Assert.Throws<DecantException>(() => OnnxExport.Save(Place, model)).Message);
    }

    [Fact]
    public void An_operator_that_ONNX_lacks_is_named_with_its_module()
    {
        var message = Refused(x => x.Reinterpret(DType.Int32).To(DType.Float32));
        Assert.Contains("aten::view.dtype in 'middle' (Middle)", message);
    }

    [Fact]
    public void A_result_whose_size_depends_on_the_numbers_is_refused()
    {
        var message = Refused(x => x.Add(x.MaskedSelect(x.Greater(0)).Sum()));
        Assert.Contains("'middle' (Middle)", message);
    }

    [Fact]
    public void Reading_numbers_is_refused_with_where()
    {
        var message = Refused(x => x.ToArray<float>()[0] > 0 ? x.Relu() : x);
        Assert.Contains("Numbers are read out of a tensor", message);
        Assert.Contains("'first' (Linear)", message);
        Assert.Contains("Numbers are read", Refused(x => x.Mul(x.Mean().Item())));
        Assert.Contains("Numbers are read", Refused(x => x.AsSpan<float>()[0] > 0 ? x.Relu() : x));
    }

    [Fact]
    public void Numbers_that_managed_code_makes_for_each_size_are_refused()
    {
        var message = Refused(x => x.Mul(Tensor.From(Enumerable.Range(0, (int)x.Size(0)).Select(i => (float)i).ToArray(), x.Size(0), 1)));
        Assert.Contains("managed code makes anew", message);
        Assert.Contains("'middle' (Middle)", message);
        var random = new Random(1);
        Assert.Contains("managed code makes anew", Refused(x => x.Mul(Tensor.From(new[] { random.NextSingle() }, 1))));
        Assert.Contains("for one size and", Refused(x => x.Mul(random.NextDouble())));
    }

    [Fact]
    public void A_decision_by_the_size_is_refused()
    {
        var message = Refused(x => x.Size(0) > 2 ? x.Relu() : x.Tanh());
        Assert.Contains("not one graph for all sizes", message);
        Assert.Contains("'middle' (Middle)", message);
    }

    [Fact]
    public void Numbers_that_stay_the_same_are_constants_of_the_graph() => Alike(x => x.Mul(Tensor.From(new float[] { 1, 2, 3, 4 }, 4)));

    [Fact]
    public void Numbers_that_are_written_into_an_empty_tensor_are_constants_of_the_graph() => Alike(x =>
    {
        var table = Tensor.Empty([4]);
        for (var i = 0; i < 4; i++)
            table.AsSpan<float>()[i] = i + 1;
        return x.Mul(table);
    });

    [Fact]
    public void Numbers_that_follow_the_size_are_computed_in_the_graph() => Alike(x => x.Add(Tensor.Arange(0, x.Size(0), 1, DType.Float32).View(x.Size(0), 1)));

    [Fact]
    public void Writing_in_place_is_right_where_the_whole_is_written()
    {
        Alike(x =>
        {
            var y = x.Mul(2);
            y.ReluInPlace();
            y.AddInPlace(1.0);
            return y;
        });
        Alike(x =>
        {
            var part = x.Mul(2).Narrow(1, 1, 2);
            part.MulInPlace(3);
            return Tensor.Cat([part, part], 1);
        });
    }

    [Fact]
    public void Writing_into_a_view_is_refused_where_the_whole_is_read_again()
    {
        Assert.Contains("another view", Refused(x =>
        {
            var y = x.Mul(2);
            y.Select(1, 0).ZeroInPlace();
            return y;
        }));
        Assert.Contains("another view", Refused(x =>
        {
            var y = x.Mul(2);
            var view = y.Transpose(0, 1);
            y.ReluInPlace();
            return view.Transpose(0, 1);
        }));
        Assert.Contains("another view", Refused(x =>
        {
            var room = Tensor.Zeros([x.Size(0), 4]);
            room.Narrow(1, 0, 2).CopyInPlace(x.Narrow(1, 2, 2));
            return room;
        }));
    }

    [Fact]
    public void Writing_into_an_input_or_a_parameter_is_refused()
    {
        using var scope = TensorScope.Open();
        using var model = new WritesIntoInput();
        Assert.Contains("an input of the forward pass", Assert.Throws<RecordingException>(() => OnnxExport.Save(Place, model, new ModelInput(Tensor.Zeros([1, 4])))).Message);
    }

    [Fact]
    public void A_session_says_which_inputs_it_has()
    {
        using var scope = TensorScope.Open();
        using var model = new Layered(2, 2);
        OnnxExport.Save(Place, model, new ModelInput(Tensor.Zeros([1, 2])));
        using var session = OnnxSession.Open(Place);
        foreach (var (name, array) in new (string, OnnxArray)[] { ("feature", new(new float[2], 1, 2)), ("features", new(new float[3], 1, 3)), ("features", new(new long[2], 1, 2)) })
        {
            var error = Assert.Throws<DecantException>(() => session.Run(new Dictionary<string, OnnxArray> { [name] = array }));
            Assert.Contains(Place, error.Message);
            Assert.Contains("features Single [any, 2]", error.Message);
        }

        Assert.Contains("features Single [any, 2]", Assert.Throws<DecantException>(() => session.Run(new Dictionary<string, OnnxArray>())).Message);
    }

    private void Alike(Func<Tensor, Tensor> middle)
    {
        using var scope = TensorScope.Open();
        using var model = new Wrapped(middle);
        Assert.InRange(OnnxExport.Save(Place, model, new ModelInput(Tensor.Zeros([1, 4]))), 0, 1e-5);
    }

    private string Refused(Func<Tensor, Tensor> middle)
    {
        using var scope = TensorScope.Open();
        using var model = new Wrapped(middle);
        var error = Assert.ThrowsAny<DecantException>(() => OnnxExport.Save(Place, model, new ModelInput(Tensor.Zeros([1, 4]))));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        return error.Message;
    }

    private static void Close(Tensor expected, OnnxArray came)
    {
        Assert.Equal(expected.Shape, came.Shape);
        Assert.All(expected.ToArray<float>().Zip(came.Floats), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private sealed class Layered : Model
    {
        private readonly ModuleList<Linear> _layers;

        public Layered(params long[] widths)
        {
            _layers = RegisterModule("layers", new ModuleList<Linear>(widths.Zip(widths[1..], (inputs, outputs) => new Linear(inputs, outputs))));
            Classes = (int)widths[^1];
        }

        public override int Classes { get; }

        public override Tensor Forward(ModelInput input) => _layers.Skip(1).Aggregate(_layers[0].Forward(input.Values), (hidden, layer) => layer.Forward(hidden.Relu()));
    }

    private sealed class Reader : Model
    {
        private readonly Embedding _embedding;
        private readonly Linear _head;

        public Reader() => (_embedding, _head) = (RegisterModule("embedding", new Embedding(20, 8)), RegisterModule("head", new Linear(8, 3)));

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input)
        {
            var mask = input.AttentionMask!.To(DType.Float32).Unsqueeze(-1);                       // [B, T, 1]
            var sum = _embedding.Forward(input.Values).Mul(mask).Sum(1);                           // [B, 8]
            return _head.Forward(sum.Div(mask.Sum(1)));
        }
    }

    private sealed class WritesIntoInput : Model
    {
        public override int Classes => 4;

        public override Tensor Forward(ModelInput input)
        {
            input.Values.ReluInPlace();
            return input.Values.Mul(2);
        }
    }

    /// <summary>A linear layer, something of a test's own, and its answer.</summary>
    private sealed class Wrapped : Model
    {
        private readonly Linear _first;
        private readonly Middle _middle;

        public Wrapped(Func<Tensor, Tensor> middle) => (_first, _middle) = (RegisterModule("first", new Linear(4, 4)), RegisterModule("middle", new Middle(middle)));

        public override int Classes => 4;

        public override Tensor Forward(ModelInput input) => _middle.Forward(_first.Forward(input.Values));
    }

    private sealed class Middle(Func<Tensor, Tensor> compute) : Module
    {
        public Tensor Forward(Tensor x) => RecordActivation(compute(x));
    }
}
