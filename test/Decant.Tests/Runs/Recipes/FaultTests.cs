using Decant.Runs.Recipes.Binding;

namespace Decant.Tests.Runs.Recipes;

public class FaultTests
{
    [Theory]
    // keys
    [InlineData("temperature: 4", "temprature: 4", "x.yaml:20: unknown key 'temprature' under distill.objectives[0]; did you mean 'temperature'?")]
    [InlineData("name: small", "nmae: small", "x.yaml:1: missing key 'name': short name, for reports and the run folder|x.yaml:1: unknown key 'nmae'; did you mean 'name'?")]
    [InlineData("sgd, learning-rate: 0.1 }\nstudent", "sgd, learning_rate: 0.1 }\nstudent", "x.yaml:12: missing key 'learning-rate' under teacher.train.optimizer: peak learning rate|x.yaml:12: unknown key 'learning_rate' under teacher.train.optimizer; did you mean 'learning-rate'?")]
    [InlineData("sgd, learning-rate: 0.1 }\nstudent", "adamw, flavour: 1 }\nstudent", "x.yaml:12: missing key 'learning-rate' under teacher.train.optimizer: peak learning rate|x.yaml:12: unknown key 'flavour' under teacher.train.optimizer; it takes: kind, learning-rate, weight-decay, decay-all")]
    [InlineData("images: train.idx", "labels: train.idx", "x.yaml:3: missing key 'images' under data.train: the IDX file of the images")]
    [InlineData("  kind: image", "  kind: image\n  kind: text", "x.yaml:7: the key 'kind' stands here twice, first at x.yaml:6; keep one")]
    [InlineData("  kind: image", "  kind: image\n  <<: { a: 1 }", "x.yaml:7: merge keys ('<<') are not part of YAML 1.2; write the keys out, or alias the whole value")]
    [InlineData("  kind: image", "  kind: image\n  [a]: 1", "x.yaml:7: a key must be a word, came a list of one")]
    [InlineData("name: small", "- : 16", "x.yaml:2: this is not YAML: a key or a value is missing here")]
    // types
    [InlineData("batch: 8\n    optimizer: { kind: sgd, learning-rate: 0.1 }\nstudent", "batch: many\n    optimizer: { kind: sgd, learning-rate: 0.1 }\nstudent", "x.yaml:11: teacher.train.batch: expected a whole number from 1 to 1000000, came the text 'many'")]
    [InlineData("epochs: 2\n    batch", "epochs: '2'\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came the text '2' in quotes")]
    [InlineData("epochs: 2\n    batch", "epochs: 2.5\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came the number 2.5")]
    [InlineData("epochs: 2\n    batch", "epochs: [2]\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came a list of one")]
    [InlineData("epochs: 2\n    batch", "epochs: { a: 1 }\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came a mapping with 'a'")]
    [InlineData("epochs: 2\n    batch", "epochs: 0x10\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came the text '0x10'")]
    [InlineData("hidden: [3]", "hidden: 3", "x.yaml:14: student.model.hidden: expected a list, came the number 3; write [3]")]
    [InlineData("hidden: [3]", "hidden: { a: 3 }", "x.yaml:14: student.model.hidden: expected a list, came a mapping with 'a'; begin each entry with '- '")]
    [InlineData("hidden: [3]", "hidden: [3, x, null]", "x.yaml:14: student.model.hidden[1]: expected a whole number from 1 to 65536, came the text 'x'|x.yaml:14: student.model.hidden[2]: expected a whole number from 1 to 65536, came nothing")]
    [InlineData("labels, weight: 0.5 }\n", "labels, weight: 0.5 }\ncontrol: yes\n", "x.yaml:22: control: expected true or false, came the text 'yes'")]
    [InlineData("labels, weight: 0.5 }\n", "labels, weight: 0.5 }\ncontrol: 'true'\n", "x.yaml:22: control: expected true or false, came the text 'true' in quotes")]
    [InlineData("labels, weight: 0.5 }\n", "labels, weight: 0.5 }\ncontrol:\n", "x.yaml:22: control: expected true or false, came nothing")]
    [InlineData("labels, weight: 0.5 }\n", "labels, weight: 0.5 }\ntask: clasification\n", "x.yaml:22: task: expected one of classification, multi-label, token-classification, regression, embedding, masked-lm, causal-lm, came the text 'clasification'; did you mean 'classification'?")]
    [InlineData("kind: image", "kind: images", "x.yaml:6: input.kind: expected one of text, image, vector, came the text 'images'; did you mean 'image'?")]
    [InlineData("  model: { kind: mlp, hidden: [3] }", "  model: mlp", "x.yaml:14: student.model: expected { kind: … } with one of mlp, cnn, resnet, encoder, textcnn, came the text 'mlp'; write { kind: mlp }")]
    [InlineData("{ validation: 0.1, test: 100 }", "20%", "x.yaml:4: data.split: expected a mapping of keys and values, came the text '20%'")]
    [InlineData("validation: 0.1", "validation: 1.5", "x.yaml:4: data.split.validation: expected a share between 0 and 1 or a number of samples, came the number 1.5")]
    [InlineData("validation: 0.1", "validation: 0", "x.yaml:4: data.split.validation: expected a share between 0 and 1 or a number of samples, came the number 0")]
    [InlineData("images: train.idx", "images: ''", "x.yaml:3: data.train.images: expected the path of a file or folder, came the text '' in quotes")]
    // ranges
    [InlineData("temperature: 4", "temperature: 0", "x.yaml:20: distill.objectives[0].temperature: expected a number above 0 and at most 1000, came the number 0")]
    [InlineData("hidden: [3]", "hidden: [3], dropout: 1", "x.yaml:14: student.model.dropout: expected a number of at least 0 and below 1, came the number 1")]
    [InlineData("sgd, learning-rate: 0.1 }\nstudent", "sgd, learning-rate: -1 }\nstudent", "x.yaml:12: teacher.train.optimizer.learning-rate: expected a number from 1E-12 to 1000000, came the number -1")]
    [InlineData("sgd, learning-rate: 0.1 }\nstudent", "sgd, learning-rate: .inf }\nstudent", "x.yaml:12: teacher.train.optimizer.learning-rate: expected a number from 1E-12 to 1000000, came the text '.inf'")]
    [InlineData("epochs: 2\n    batch", "epochs: 99999999999999999999\n    batch", "x.yaml:10: teacher.train.epochs: expected a whole number from 1 to 1000000, came the number 99999999999999999999")]
    [InlineData("hidden: [3]", "hidden: [1, 2, 3, 4]", "x.yaml:14: student.model.hidden: at most three hidden layers")]
    [InlineData("{ kind: idx, images: train.idx }", "{ kind: cifar, files: [] }", "x.yaml:3: The field data.train.files must be a string or array type with a minimum length of '1'.")]
    // kinds
    [InlineData("kind: soft-targets", "kind: sofft-targets", "x.yaml:20: unknown objective 'sofft-targets' at distill.objectives[0]; did you mean 'soft-targets'? There are: labels, soft-targets")]
    [InlineData("kind: idx, ", "kind: parquet, ", "x.yaml:3: unknown source 'parquet' at data.train; there are: idx, csv, tsv, jsonl, labelled-lines, cifar, dotnet-docs")]
    [InlineData("kind: mlp, hidden: [3]", "hidden: [3]", "x.yaml:14: missing key 'kind' under student.model; one of mlp, cnn, resnet, encoder, textcnn")]
    [InlineData("kind: mlp, hidden: [3]", "kind: [mlp], hidden: [3]", "x.yaml:14: student.model.kind: expected one of mlp, cnn, resnet, encoder, textcnn, came a list of one")]
    [InlineData("epochs: 2\n    batch", "epochs: 2\n    best-by: acuracy\n    batch", "x.yaml:11: teacher.train.best-by: unknown metric 'acuracy'; did you mean 'accuracy'?")]
    // YAML
    [InlineData("name: small", "name: !!str small", "x.yaml:1: tags such as 'tag:yaml.org,2002:str' are not allowed in a recipe; leave it out")]
    [InlineData("labels, weight: 0.5 }\n", "labels, weight: 0.5 }\n---\nname: b\n", "x.yaml:22: a second document begins here ('---'); a recipe is one document: put the other into a file of its own")]
    [InlineData("name: small", "name: *who", "x.yaml:1: the alias '*who' has no finished anchor '&who' before it")]
    public void Each_fault_is_told_with_its_line_what_came_and_what_to_do(string old, string changed, string expected)
    {
        Assert.Contains(old, Fakes.Image);
        var at = Fakes.Image.IndexOf(old, StringComparison.Ordinal);
        var yaml = Fakes.Image[..at] + changed + Fakes.Image[(at + old.Length)..];
        Assert.Equal(expected.Split('|'), Fakes.Faults(yaml).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "x.yaml:1: the recipe is empty; 'decant new' writes one to begin with")]
    [InlineData("# a comment\n", "x.yaml:1: the recipe is empty; 'decant new' writes one to begin with")]
    [InlineData("---\n", "x.yaml:1: the recipe is empty; 'decant new' writes one to begin with")]
    [InlineData("hello", "x.yaml:1: a recipe is a mapping that begins with 'name:', came the text 'hello'")]
    [InlineData("- a\n- b\n", "x.yaml:1: a recipe is a mapping that begins with 'name:', came a list of 2")]
    public void What_is_no_recipe_at_all_is_told(string yaml, string expected) => Assert.Equal([expected], Fakes.Faults(yaml));

    [Theory]
    [InlineData("name: small\nseeds: [1\ndata: 2\n", "x.yaml:2: this is not YAML: a '[' or '{' is not closed before the next key")]
    [InlineData("name: small\n about: x\n", "x.yaml:2: this is not YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("name: small\nabout: @x\n", "x.yaml:2: this is not YAML: while scanning for the next token, found character that cannot start any token")]
    [InlineData("name: small\n\tabout: x\n", "x.yaml:2: this is not YAML: a tab indents this line, and YAML needs spaces")]
    [InlineData("name: small\ndata:\n\ttrain: { kind: csv, file: a }\n", "x.yaml:3: this is not YAML: a tab indents this line, and YAML needs spaces")]
    [InlineData("name: small\nstudent:\n  model:\n    kind: mlp\n\t  hidden: [4]\n", "x.yaml:5: this is not YAML: a tab indents this line, and YAML needs spaces")]
    [InlineData("name: small\ndata:\n  train:\n  \tkind: csv\n", "x.yaml:4: this is not YAML: a tab indents this line, and YAML needs spaces")]
    [InlineData("a: 1\nd: { x: ${Y}/z }\n", "x.yaml:2: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}'; between { } and [ ] a value with '${…}' must be in quotes")]
    public void Broken_YAML_is_told_with_its_line(string yaml, string expected) => Assert.Equal([expected], Fakes.Faults(yaml));

    [Fact]
    public void All_faults_come_at_once_sorted_by_line_overrides_last()
    {
        var yaml = Fakes.Image.Replace("temperature", "temprature").Replace("hidden: [12]", "hidden: 12").Replace("kind: image", "kind: img");
        var fault = Assert.Throws<RecipeException>(() => Fakes.Read(yaml, "distill.epochz=3", "distill.batch=0"));
        Assert.Equal(
            """
            x.yaml:6: input.kind: expected one of text, image, vector, came the text 'img'
            x.yaml:8: teacher.model.hidden: expected a list, came the number 12; write [12]
            x.yaml:20: unknown key 'temprature' under distill.objectives[0]; did you mean 'temperature'?
            --set distill.epochz=3: unknown key 'epochz' under distill; did you mean 'epochs'?
            --set distill.batch=0: distill.batch: expected a whole number from 1 to 1000000, came the number 0
            5 faults; nothing was started.
            """,
            fault.Message);
        Assert.Equal(ExitCodes.BadInput, fault.ExitCode);
    }

    [Fact]
    public void A_thousand_faults_make_a_message_that_ends()
    {
        var yaml = Fakes.Image + string.Concat(Enumerable.Range(0, 1000).Select(i => $"strange-{i}: 1\n"));
        var faults = Fakes.Faults(yaml);
        Assert.Equal(101, faults.Length);
        Assert.EndsWith("and 900 faults more", faults[^1]);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Equal(["x.yaml:1: nested more than 64 deep; no recipe needs that"], Fakes.Faults(new string('[', 10_000)));

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.EndsWith("the aliases make more than 100,000 values; no recipe needs that", Assert.Single(Fakes.Faults(yaml)));
    }

    [Fact]
    public void An_alias_of_what_holds_it_is_refused() =>
        Assert.Contains("x.yaml:1: the alias '*a' has no finished anchor '&a' before it", Fakes.Faults("a: &a [*a]\n"));
}
