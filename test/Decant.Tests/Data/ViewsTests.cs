using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Data;

/// <summary>Augmented views that come in turn, so that a teacher's answers can be kept.</summary>
public sealed class ViewsTests : IDisposable
{
    private const int Samples = 10;

    private readonly Dataset _images = Images();

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Epochs_take_the_views_in_turn_and_every_seed_has_the_same()
    {
        var (one, other) = (Looks(Source(views: 3, seed: 1), 0, 7), Looks(Source(views: 3, seed: 2), 0, 7));
        Assert.All(Enumerable.Range(0, 7), epoch => Assert.Equal(one[epoch % 3], one[epoch]));
        Assert.Equal(one, other);
        Assert.All(one[0].Keys, id => Assert.Equal(3, Enumerable.Range(0, 3).Select(epoch => string.Join(',', one[epoch][id])).Distinct().Count()));
        // Their order is each epoch's and each seed's own.
        Assert.NotEqual(Order(Source(views: 3, seed: 1), 0), Order(Source(views: 3, seed: 1), 3));
        Assert.NotEqual(Order(Source(views: 3, seed: 1), 0), Order(Source(views: 3, seed: 2), 0));
        // Without a number of them none comes again.
        var endless = Looks(Source(views: null, seed: 1), 0, 7);
        Assert.NotEqual(endless[0], endless[3]);
    }

    [Fact]
    public void A_batch_says_which_view_it_has_wherever_it_goes()
    {
        foreach (var batch in Source(views: 3, seed: 1).Enumerate(5).Take(2))
        {
            using (batch)
            using (TensorScope.Open())
            {
                Assert.Equal(2, batch.View);
                Assert.Equal(2, batch.RowsFrom(1, 2).View);
                using var part = BatchParts.Of(batch, [0, 2]).Part;
                Assert.Equal(2, part.View);
            }
        }
    }

    [Fact]
    public void A_sample_that_is_drawn_again_in_an_epoch_has_the_same_view()
    {
        using var unequal = Dataset.From("images", Enumerable.Range(0, 9).Select(i => (Content(i), (string?)(i < 8 ? "many" : "one"))));
        var source = new BatchSource(unequal, Collator(), new BatchOptions { Size = 9, Seed = 3, Sampling = new ClassSampling { Classes = ClassShares.Balanced }, Views = 4 });
        using var batch = source.Enumerate(0).Single();
        var drawn = Rows(batch).Where(row => row.Id == unequal.IdOf(8)).Select(row => string.Join(',', row.Pixels)).ToArray();
        Assert.True(drawn.Length > 2);
        Assert.Single(drawn.Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void All_views_make_one_epoch_that_can_be_begun_anywhere(int prefetch)
    {
        var once = new BatchSource(_images, Collator(), new BatchOptions { Size = 4, Shuffle = false, Views = 3, Prefetch = prefetch });
        var all = new AllViews(once, 3);
        Assert.Equal((9, 30, 9), (all.BatchesPerEpoch, all.Count, all.WorkPerBatch().Count));
        Assert.Equal(30, all.WorkPerBatch().Sum());
        var whole = Batches(all.Enumerate(0));
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(view => Batches(once.Enumerate(view))), whole);
        for (var from = 0; from <= 9; from++)
        {
            Assert.Equal(whole.Skip(from), Batches(all.Enumerate(0, from)));
            Assert.Equal(whole.Skip(from), Batches(all.EnumerateSynchronously(0, from)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Batches(all.Enumerate(0, 10)));
    }

    [Fact]
    public void A_teacher_answers_each_view_once_and_alike_ever_after()
    {
        var model = new TinyModel();
        using var live = new LocalTeacher(model, ["a", "b", "c"]);
        var asked = new AllViews(Flat(new BatchSource(_images, Collator(), new BatchOptions { Size = 4, Shuffle = false, Views = 3 })), 3);
        using var kept = CachedTeacherOutputs.Ask(live, asked, 30);
        Assert.Equal((9, 30), (model.Answers, kept.Count));
        for (var epoch = 0; epoch < 7; epoch++)
        {
            foreach (var batch in Flat(Source(views: 3, seed: 8)).Enumerate(epoch))
            {
                using (batch)
                using (TensorScope.Open())
                {
                    var (expected, came) = (((DenseLogits)live.Answer(batch)).Logits.ToArray<float>(), ((DenseLogits)kept.Answer(batch)).Logits.ToArray<float>());
                    Assert.All(expected.Zip(came), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
                }
            }
        }

        using var other = Flat(Source(views: 4, seed: 8)).Enumerate(3).First();
        Assert.Contains("in view 4 is none of them", Assert.Throws<DecantException>(() => kept.Answer(other)).Message, StringComparison.Ordinal);
    }

    private BatchSource Source(int? views, ulong seed) => new(_images, Collator(), new BatchOptions { Size = 4, Seed = seed, Views = views });

    private static ImageCollator Collator() => new(augment: new AugmentOptions { CropPadding = 4, Flip = true });

    private static FlatSource Flat(IMeasuredSource source) => new(source);

    private static Dictionary<SampleId, float[]>[] Looks(BatchSource source, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(epoch => Batches(source.Enumerate(epoch)).SelectMany(rows => rows).OrderBy(row => row.Id.Value).ToDictionary(row => row.Id, row => row.Pixels))];

    private static SampleId[] Order(BatchSource source, int epoch) => [.. Batches(source.Enumerate(epoch)).SelectMany(rows => rows).Select(row => row.Id)];

    private static List<List<(SampleId Id, float[] Pixels)>> Batches(IEnumerable<Batch> batches)
    {
        var all = new List<List<(SampleId Id, float[] Pixels)>>();
        foreach (var batch in batches)
        {
            using (batch)
                all.Add([.. Rows(batch)]);
        }

        return all;
    }

    private static IEnumerable<(SampleId Id, float[] Pixels)> Rows(Batch batch) => batch.Ids.Zip(batch.Values.ToArray<float>().Chunk((int)(batch.Values.ElementCount / batch.Size)));

    private static Dataset Images() => Dataset.From("images", Enumerable.Range(0, Samples).Select(i => (Content(i), (string?)$"c{i % 3}")));

    private static SampleContent Content(int number)
    {
        var pixels = new byte[36];
        new Random(number).NextBytes(pixels);
        return new ImageContent(pixels, 1, 6, 6);
    }

    /// <summary>Three pixels of each image, for a model of vectors.</summary>
    private sealed class FlatSource(IMeasuredSource source) : IMeasuredSource
    {
        public int BatchesPerEpoch => source.BatchesPerEpoch;

        public int Count => source.Count;

        public IReadOnlyList<long> WorkPerBatch() => source.WorkPerBatch();

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            foreach (var batch in source.Enumerate(epoch, firstBatch, cancellationToken))
            {
                using (batch)
                    yield return new Batch(batch.Values.Reshape(batch.Size, -1).Narrow(1, 14, 3).Clone(), batch.Labels.Clone(), batch.LabelledCount, batch.Ids) { View = batch.View };
            }
        }
    }
}
