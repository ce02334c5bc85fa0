/** What settings of engines, heads, strategies, feedback and alarms do, and what can be chosen, by their English. */
export const SETTINGS: Readonly<Record<string, string>> = {
  // Inputs.
  'Scale of sensors': '传感器的缩放',
  'Robust: by median and quartiles of the training part, so that a few odd training values do not squeeze all others; values far outside are cut.':
    '稳健：按训练部分的中位数和四分位数缩放，使少数异常的训练值不会压缩其他值；远超范围的值被截断。',
  Normalisation: '归一化',
  'the engine’s own': '引擎自身的方式',
  robust: '稳健',
  'Cut at': '截断于',
  'Of the robust scale: values further from the median are set to this bound; a spread is that of a normal distribution with these quartiles. How far beyond something lies is then no longer seen.':
    '用于稳健缩放：离中位数更远的值取此界限；一个离散度相当于具有这些四分位数的正态分布的标准差。超出界限多少将不再可见。',
  spreads: '个离散度',
  'Normalise each window': '逐窗口归一化',
  'Each sensor’s own level (and spread) in a window is taken out before the network and put back after it: slow drift of levels passes by. So do anomalies that only change a level: longer than the window they are not seen, except where they begin and end.':
    '进入网络前去除每个传感器在窗口内自身的水平（及离散度），输出后再加回：水平的缓慢漂移不会报警。但仅改变水平的异常也会被忽略：若长于窗口，只能在其开始和结束处看到。',
  off: '关闭',
  level: '水平',
  'level and spread': '水平与离散度',
  'Least spread': '最小离散度',
  'Of a window, as a share of the training spread: quieter windows are not blown up further.':
    '窗口的离散度下限，以训练离散度的比例表示：更平静的窗口不再被放大。',
  // Reconstruction by attention.
  'How many steps are reconstructed together. Papers: 100. Work and memory grow with its square.':
    '一次重构多少步。论文：100。计算量和内存随其平方增长。',
  'Distance between training windows; every step is scored in any case.': '训练窗口的间距；无论如何每一步都会评分。',
  'Leave out the incomplete tail': '舍去不完整的末尾',
  'Steps behind the last whole window get no score, as in the published code of the Anomaly Transformer. Otherwise one more window at the right edge scores them.':
    '最后一个完整窗口之后的各步不评分，如 Anomaly Transformer 的公开代码。否则由右端再加的一个窗口为其评分。',
  'How many scoring windows cover each step; their results are averaged. 1: side by side, as the papers score.':
    '每一步由多少个评分窗口覆盖；结果取平均。1：首尾相接，如论文所为。',
  'Numbers that describe one step inside the network (d_model). The heads must divide it.':
    '网络内部描述一步的数（d_model），须能被头数整除。',
  'Attention maps of one kind in each layer.': '每层中同一种注意力图的个数。',
  'Encoder layers, one above the other. Papers: 3.': '堆叠的编码器层数。论文：3。',
  'Paper: GELU(Wx + b), one layer. Two layers are those of the Anomaly Transformer.':
    '论文：GELU(Wx + b)，一层。两层为 Anomaly Transformer 的做法。',
  'one layer': '一层',
  'two layers': '两层',
  'Add sines and cosines of the position to the embedding. Without them only AutoMask knows the order of steps.':
    '在嵌入中加入位置的正弦和余弦。没有它们，只有 AutoMask 知道步的先后。',
  'Off: a plain Transformer of the same size; the three switches below then do nothing.':
    '关闭：同样大小的普通 Transformer；下面三个开关随之失效。',
  'AutoMask is drawn towards self-attention.': '使 AutoMask 靠近自注意力。',
  'Self-attention is pushed away from AutoMask.': '使自注意力远离 AutoMask。',
  'The two attentions of a window shall be more alike than those of different windows.':
    '同一窗口的两种注意力应比不同窗口的更相似。',
  'Share of AutoMask in the mixture of both attentions. Paper: 0.3, 0.6 or 0.9, larger is better.':
    '混合两种注意力时 AutoMask 所占比例。论文：0.3、0.6 或 0.9，越大越好。',
  AutoMask: 'AutoMask',
  'Learned directly, or as the product of a learned matrix with the positions, as the paper writes.':
    '直接学习，或如论文所写，取学习到的矩阵与位置的乘积。',
  'one number a head': '每头一个数',
  'weighted positions': '加权位置',
  'The text has one angle, Figure 3 one for each pair of columns (10000^(-2k/K), as rotary positions have).':
    '正文只有一个角度，图 3 则每对列一个（10000^(-2k/K)，同旋转位置编码）。',
  'one for all pairs': '所有列对共用',
  'one for each pair': '每对一个',
  'Logits are divided by the root of this. As printed (eq. 15), AutoMask is divided by the whole width: almost uniform.':
    'logits 除以它的平方根。按论文式 15，AutoMask 除以整个宽度：几乎均匀。',
  'width of a head': '头的宽度',
  'width of the model': '模型的宽度',
  'as printed': '按论文印出的形式',
  'Of the divergence in both phases. Paper: 3.': '两个阶段中散度的权重。论文：3。',
  'One step: each layer’s divergence moves that layer’s weights only (one backward pass), or self-attention of all layers below too (three). Two steps: the phases take turns, each with an optimiser of its own.':
    '一步：每层的散度只更新该层权重（一次反向传播），或也更新其下各层的自注意力（三次）。两步：两个阶段轮流进行，各有自己的优化器。',
  'one step, own layer': '一步，仅本层',
  'one step, by list': '一步，按清单',
  'two steps': '两步',
  'The contrastive logits are multiplied by e^τ. Paper: 0.07, 0.21 or 0.35.':
    '对比 logits 乘以 e^τ。论文：0.07、0.21 或 0.35。',
  'The paper divides it by the batch once more; 1 keeps that.': '论文再除以一次批大小；1 保持这一做法。',
  'As printed: plain products, from self-attention to AutoMask. Or cosine similarities in both directions.':
    '按论文：直接取内积，从自注意力到 AutoMask。或取两个方向的余弦相似度。',
  'unit length, both ways': '单位长度，双向',
  'Factor on the divergence in the score’s softmax over time. Paper: none (1); the Anomaly Transformer: 50.':
    '得分中沿时间 softmax 的散度系数。论文：无（1）；Anomaly Transformer：50。',
  'At most this many passes over the training windows.': '对训练窗口最多遍历这么多遍。',
  'Of Adam, in the first epoch.': 'Adam 在第一轮的学习率。',
  'The learning rate is multiplied by this after each epoch.': '每轮之后学习率乘以此数。',
  'Put back the weights of the best validation loss; otherwise the last ones stay.':
    '恢复验证损失最佳时的权重；否则保留最后的权重。',
  'Width of the feed-forward layer (d_ff). Paper: 512.': '前馈层的宽度（d_ff）。论文：512。',
  'Share of values left out at random while training.': '训练时随机丢弃的数值比例。',
  'Weight k': '权重 k',
  'Of the association discrepancy in both phases. Paper: 3.': '两个阶段中关联差异的权重。论文：3。',
  'Factor on the discrepancy in the score’s softmax over time. Published code: 50; the paper’s formula: 1.':
    '得分中沿时间 softmax 的差异系数。公开代码：50；论文公式：1。',
  'Width of the feed-forward layer (d_ff). Paper size: 128.': '前馈层的宽度（d_ff）。论文：128。',
  'Distance between training windows; every step is scored in any case. Published code: 50.':
    '训练窗口的间距；无论如何每一步都会评分。公开代码：50。',
  'Numbers that describe one variable at one step. Paper: 128.': '描述一个变量在一步上的数。论文：128。',
  'Published code: as wide as the model (128), for each of 4 heads.': '公开代码：4 个头各与模型同宽（128）。',
  'Of AdamW: each step first shrinks every weight by this times the learning rate.':
    'AdamW 的权重衰减：每次更新先使各权重缩小“此数 × 学习率”。',
  // USAD.
  'How many steps are reconstructed together. Paper: 5 to 12. The network grows with its square.':
    '一次重构多少步。论文：5 至 12。网络规模随其平方增长。',
  'Numbers into which a window is squeezed. Published code: 100 a step of the window.':
    '把一个窗口压缩为多少个数。公开代码：窗口每步 100 个。',
  'Pace of the contest': '对抗的节奏',
  'How much less plain reconstruction counts with each epoch: its weight is 1 / (1 + pace × epochs before). Paper: 1, with epochs of many updates.':
    '普通重构的权重随轮数下降的快慢：权重为 1 /（1 + 节奏 × 已过轮数）。论文：1，其每轮更新次数很多。',
  'The score is α times the first decoder’s error plus 1 − α times the error of both in a row.':
    '得分为 α ×（第一个解码器的误差）+（1 − α）×（两者串联的误差）。',
  'Passes over the training windows. Published code: 100.': '对训练窗口的遍历次数。公开代码：100。',
  'Windows per update. Published code: 7919.': '每次更新的窗口数。公开代码：7919。',
  'Stop after this many epochs in which neither autoencoder got better; 0, as published, never stops early.':
    '两个自编码器连续这么多轮都没有改善就停止；0（同公开代码）表示不提前停止。',
  // LSTM-VAE.
  'How many steps are reconstructed together. Published code: 50.': '一次重构多少步。公开代码：50。',
  'Width of both LSTMs. Published code: 60.': '两个 LSTM 的宽度。公开代码：60。',
  'Numbers into which each step is squeezed. Published code: 20.': '把每一步压缩为多少个数。公开代码：20。',
  Likelihood: '似然',
  'What reconstruction is judged by. The paper learns a deviation for every sensor and step beside the mean.':
    '衡量重构的标准。论文除均值外，还为每个传感器和每一步学习标准差。',
  'squared error': '平方误差',
  'Gaussian with learned deviation': '学习标准差的高斯分布',
  'Moving, as in the paper: on a line between two learned points, for windows that all begin alike.':
    '移动（如论文）：沿两个学习到的点之间的直线移动，适用于开头都相似的窗口。',
  'mean 0': '均值 0',
  'mean moves over the window': '均值随窗口移动',
  'How much the latent numbers are drawn to the prior. 1 with the Gaussian likelihood, small with squared error.':
    '潜变量被拉向先验的程度。用高斯似然时取 1，用平方误差时取小值。',
  'Deviation of the noise on the input while training, in units of each column’s own. Paper: 0.1.':
    '训练时输入噪声的标准差，以各列自身的标准差为单位。论文：0.1。',
  // OmniAnomaly.
  'How many steps are read together. Paper: 100.': '一次读取多少步。论文：100。',
  'Width of both GRUs and of the dense layers above them. Paper: 500.': '两个 GRU 及其上全连接层的宽度。论文：500。',
  'Latent numbers that describe a step. Paper: 3.': '描述一步的潜变量个数。论文：3。',
  'How often the distribution of the latent numbers is bent. Paper: 20.': '潜变量的分布被变换多少次。论文：20。',
  'The gradient of each weight is shortened to this norm. Published code: 10.':
    '每个权重的梯度缩短到此范数。公开代码：10。',
  'At most this many passes over the training windows. Published code: 10.':
    '对训练窗口最多遍历这么多遍。公开代码：10。',
  'Windows per update. Paper: 50.': '每次更新的窗口数。论文：50。',
  'Of Adam. Paper: 0.001.': 'Adam 的学习率。论文：0.001。',
  // AMSL.
  'How many steps are judged together. Paper: 64 to 236, best 128; 125 on its activity data.':
    '一次评判多少步。论文：64 至 236，最佳 128；其活动数据为 125。',
  'Self-supervision: the network rebuilds transformed copies of a window too, and must tell them apart.':
    '自监督：网络还须重构窗口的变换副本，并区分它们。',
  'The classification loss. Off: the views only add training examples.': '分类损失。关闭：视图仅增加训练样本。',
  'The window itself and its transformations. Below 7, those that the paper found poorest go first: noise, scale, permute, reverse.':
    '窗口本身及其变换。少于 7 个时，先去掉论文认为最差的：噪声、缩放、置换、反转。',
  'Codes are rebuilt from learned items: one memory for all views, one for each view, or both.':
    '用学到的记忆项重构编码：所有视图共用一个记忆、各视图一个，或两者兼有。',
  'global and local': '全局与局部',
  'global only': '仅全局',
  'local only': '仅局部',
  'How the reads of both memories are added: with two learned weights for each view, or halves.':
    '两种记忆的读取如何相加：每个视图用两个学习到的权重，或各取一半。',
  'one to one': '一比一',
  'A loss on the entropy of the addressing, so that few items answer each position.':
    '对寻址的熵施加损失，使每个位置只由少数记忆项应答。',
  'Channels after the first convolution. Paper: 32.': '第一次卷积后的通道数。论文：32。',
  'Channels after the second convolution, and width of a memory item (F). Paper: 64.':
    '第二次卷积后的通道数，也是记忆项的宽度（F）。论文：64。',
  'C. Paper: 800 in the text, 500 in its table of sizes and in the published code.':
    'C。论文：正文为 800，尺寸表和公开代码为 500。',
  'Channels of the first transposed convolution; the next have a half and a quarter. Paper: 128.':
    '第一个转置卷积的通道数；其后依次为一半和四分之一。论文：128。',
  'Of the layer that tells views apart. Paper: 128.': '区分视图的那一层的宽度。论文：128。',
  'Of the classifier, while training. Published code: 0.5.': '训练时分类器的丢弃率。公开代码：0.5。',
  'What makes an item answer. The paper prints the cosine, which cannot be sparse; its code has the dot product.':
    '记忆项如何应答。论文印出的是余弦，它无法稀疏；其代码用点积。',
  'Eq. 11 prints the sum; the weight λ2 was tuned with the mean of the published code.':
    '式 11 为求和；权重 λ2 是按公开代码的均值调出的。',
  'mean over items': '对记忆项取均值',
  'sum over items': '对记忆项求和',
  'Random r': '随机 r',
  'Feed a normal number into the fusion weights while training. The paper says so, its code feeds 0.':
    '训练时向融合权重输入一个正态随机数。论文如此，其代码输入 0。',
  'Paper: 1.': '论文：1。',
  'Paper: 0.0002.': '论文：0.0002。',
  'Each view is scaled to 0..1 by its range in training: of a channel, or, as in the published code, of every step of a channel.':
    '每个视图按其训练范围缩放到 0..1：按通道，或如公开代码按通道的每一步。',
  'by channel': '按通道',
  'by step and channel': '按步和通道',
  'Limit beyond the range': '超出范围的上限',
  'Scaled values are cut this far outside of 0..1, so that a single one does not decide.':
    '缩放后的值在 0..1 之外此距离处截断，使单个值不起决定作用。',
  'Of the noisy view. Published code: 5 dB.': '加噪视图的信噪比。公开代码：5 dB。',
  'Into how many blocks a window is cut and shuffled. Published code: 5.': '把窗口切成多少块再打乱。公开代码：5。',
  'With it the same window always gets the same noise, order and factor, in training and when it is judged.':
    '由它保证同一窗口在训练和评判时总是得到相同的噪声、顺序和系数。',
  'Demonstration of a flaw of the published evaluation: each window gets the mean error of 16 neighbours. Leave it off.':
    '演示公开评估中的一个缺陷：每个窗口取 16 个相邻窗口的平均误差。请保持关闭。',
  // Council and engines that learn in one go.
  'Difference, sensor by sensor': '差分，逐传感器',
  'PCA of windows, sensor by sensor': '窗口 PCA，逐传感器',
  'Deviation from own past': '与自身过去的偏差',
  'Its weight in the council; 0 leaves it out.': '它在委员会中的权重；0 表示不参加。',
  'Fisher listens to all members, Cauchy and the harmonic mean to the most alarmed one. Ranks need all steps at once.':
    'Fisher 听取所有成员，Cauchy 与调和平均听取最警觉的成员。名次需要一次得到所有步。',
  'Fisher: mean of −ln p': 'Fisher：−ln p 的均值',
  Cauchy: 'Cauchy',
  'Harmonic mean of p': 'p 的调和平均',
  'Rank average': '名次平均',
  'With a power law a member that has drifted cannot outvote the others.': '用幂律时，已漂移的成员无法压倒其他成员。',
  'Power law': '幂律',
  'Gamma law': 'Gamma 分布',
  'For members that are read sensor by sensor: sizes of errors are averaged to both sides, falling to 0 at this distance.':
    '用于逐传感器读取的成员：误差大小向两侧平均，权重在此距离处降为 0。',
  'How many steps are looked at together.': '一次查看多少步。',
  'How many windows cover each step; what they say is averaged. As many as the window has steps: all there are.':
    '每一步由多少个窗口覆盖；结果取平均。等于窗口步数时为全部窗口。',
  'At most this many, evenly spread: more change little and take long.':
    '最多这么多，均匀分布：再多变化不大，却很费时。',
  'Kinds of normal operation that are told apart.': '区分多少种正常工况。',
  'At most this many rounds of moving the centres; most data need fewer.': '移动聚类中心的最多次数；多数数据用不到。',
  'How many steps are looked at together. Training time grows with the cube of window times sensors.':
    '一次查看多少步。训练时间随“窗口 × 传感器数”的立方增长。',
  'Share of the training variance that the kept directions explain; the rest is what is judged.':
    '保留方向所解释的训练方差比例；其余部分用于评判。',
  'Level of a window': '窗口的水平',
  'Does not count: each sensor’s mean over the window is taken away first, so that only its shape is compared.':
    '不计：先减去每个传感器在窗口内的均值，只比较形状。',
  Counts: '计入',
  'Does not count': '不计',
  'Centre of mass of the moving mean that a step is held against. Longer sees slower changes, and more drift.':
    '与每一步对照的移动平均的质心。越长越能看到缓慢变化，也越易受漂移影响。',
  'The squared deviation is averaged to both sides, with weights that fall to 0 at this distance. 1: not at all.':
    '偏差的平方向两侧平均，权重在此距离处降为 0。1：不平均。',
  // Detectors of single steps.
  'Steps that are judged together; rounded up to a multiple of 16 inside.': '一次评判的步数；内部上取到 16 的倍数。',
  'Steps between training windows.': '训练窗口之间的步数。',
  'Channels of the finest level; each of the five levels has twice those of the one before.':
    '最细一级的通道数；五级中每级为前一级的两倍。',
  'Anomalous steps weigh as much more as they are rarer, up to this.': '异常步越稀少权重越大，以此为上限。',
  'Suspect steps and the context before them. Paper: 1000 (KPI, with labels), 150 (Yahoo).':
    '可疑步及其之前的上下文。论文：1000（KPI，有标签）、150（Yahoo）。',
  'Suspect steps': '可疑步',
  'The last steps of a window, which are judged. Paper: 20 (KPI), 1 (Yahoo).':
    '窗口末尾被评判的步。论文：20（KPI）、1（Yahoo）。',
  Taps: '卷积核宽度',
  'Width of the convolutions.': '卷积的宽度。',
  'Each doubles the distance between taps.': '每层使卷积点间距加倍。',
  'Features of each step.': '每一步的特征数。',
  'Stretches of which the largest features are kept.': '保留最大特征的区段长度。',
  'Numbers that describe a window.': '描述一个窗口的数。',
  'Between the two descriptions. The paper’s text has the Euclidean one, whose probability stays below 0.865.':
    '两个描述之间的距离。论文正文用欧氏距离，其概率始终低于 0.865。',
  '−ln of the cosine': '余弦的 −ln',
  'Foreign stretches': '外来片段',
  'For each window of a batch, so many copies whose suspect steps are partly another window’s, labelled anomalous.':
    '批中每个窗口生成这么多份副本，其可疑步部分取自另一窗口，标为异常。',
  'Mixed windows': '混合窗口',
  'For each window of a batch, so many weighted means of two windows with their labels.':
    '批中每个窗口生成这么多个两窗口的加权平均，标签同样加权。',
  Spikes: '尖峰',
  'For each window of a batch, so many copies with a spike of 1 or 2 suspect steps, labelled anomalous.':
    '批中每个窗口生成这么多份副本，在 1 或 2 个可疑步上加尖峰，标为异常。',
  'Steps of one saliency map. Published code: 128. The network grows with its square.':
    '一张显著图的步数。公开代码：128。网络规模随其平方增长。',
  'Steps between training windows. Published code: 64.': '训练窗口之间的步数。公开代码：64。',
  'Published code puts 1 to 9 odd points into each window and learns to find them; C-GATS gives it real labels.':
    '公开代码在每个窗口放入 1 至 9 个异常点并学习找出它们；C-GATS 为它提供真实标签。',
  'labels of the training part': '训练部分的标签',
  'anomalies put in by chance': '随机放入的异常',
  'Published code: a hundredth of the window, rounded down, but at least 1.':
    '公开代码：窗口的百分之一，向下取整，至少为 1。',
  'Step size of Adam. Published code: SGD with momentum and 1e-6 for a loss that is summed.':
    'Adam 的步长。公开代码：带动量的 SGD，对求和的损失取 1e-6。',
  'Steps of one transform.': '一次变换的步数。',
  'Frequencies over which the log amplitude is averaged. Paper: 3.': '对数幅度取平均的频率个数。论文：3。',
  'Steps of comparison': '对照步数',
  'A step’s saliency is read against the mean of as many steps before it. Published code: 40.':
    '一步的显著度与其前这么多步的均值对照。公开代码：40。',
  'Width k': '宽度 k',
  'Steps of the moving mean and deviation, where no labels say which is best.':
    '移动平均和标准差的步数，在没有标签说明何者最佳时使用。',
  'Factor c': '系数 c',
  'How many deviations are allowed, where no labels say which is best.':
    '允许多少个标准差，在没有标签说明何者最佳时使用。',
  'Sizes on both sides': '两侧都取大小',
  'Mean and deviation are those of the sizes of jumps, as Wu & Keogh have it. Off: of the signed jumps, as the C-GATS paper prints.':
    '均值和标准差取自跳变的大小，如 Wu & Keogh。关闭：取自带符号的跳变，如 C-GATS 论文所印。',
  'Search k and c': '搜索 k 和 c',
  'Where the training part has labelled anomalies, k and c are those with the best F1 there.':
    '训练部分有标注异常时，k 和 c 取在那里 F1 最佳的值。',
  'Steps that the network reads at a time.': '网络一次读取的步数。',
  'Width of both layers.': '两层的宽度。',
  // Heads.
  'Share of the training steps, the last ones, that the engine does not see and the errors are calibrated on. The paper holds back none: errors of steps that were learned by heart are too small.':
    '训练步末尾保留的比例，引擎看不到它们，误差在其上校准。论文不保留：被记住的步误差偏小。',
  'What is read': '读取的内容',
  'Each sensor’s error against its own calibration errors, summed; or the one score that the engine gives.':
    '每个传感器的误差与其自身校准误差对照后求和；或引擎给出的单一得分。',
  'Errors of the sensors': '传感器的误差',
  'Share of the training steps, the last ones, that the engine does not see. p-values then speak of steps it did not learn by heart.':
    '训练步末尾保留的比例，引擎看不到它们；p 值因此针对引擎未曾记住的步。',
  'Sizes of errors are averaged to both sides, with weights that fall to 0 at this distance. 1: not at all.':
    '误差大小向两侧平均，权重在此距离处降为 0。1：不平均。',
  'A sensor that never moved in training has no distribution. Counted, each of its moves is as rare as can be.':
    '训练中从未变动的传感器没有分布。若计入，它的每次变动都罕见至极。',
  'A sensor over its 99.9 % limit in more than half of this many steps leaves the sum until it is back. 0: never.':
    '若传感器在这么多步中超过一半越过其 99.9 % 界限，就退出求和，直到恢复。0：从不。',
  'The score’s level and spread follow it at this slow pace, ten times slower while it is high. 0: as in training.':
    '得分的水平和离散度以此缓慢的速度跟随，得分高时再慢十倍。0：保持训练时的值。',
  // Generators and augmentations.
  'Learns normal windows from windows with hidden steps, then how anomalies look at labelled places; makes anomalous windows with exact labels.':
    '从遮盖了部分步的窗口学习正常窗口，再学习异常在标注处的样子；生成带精确标签的异常窗口。',
  'A generator and a discriminator contest over windows, both told which steps are anomalous.':
    '生成器与判别器就窗口相互对抗，两者都被告知哪些步异常。',
  Mixup: 'Mixup',
  'Weighted means of two training windows and of their labels.': '两个训练窗口及其标签的加权平均。',
  CutMix: 'CutMix',
  'A stretch of one training window pasted into another, labels included.':
    '把一个训练窗口的一段连同标签粘贴到另一个中。',
  'Classic combination': '经典组合',
  'One of scaling, jitter, permutation and time warping for each new window.':
    '每个新窗口取缩放、抖动、置换、时间扭曲之一。',
  'Training windows times a random factor near 1.': '训练窗口乘以接近 1 的随机系数。',
  Jitter: '抖动',
  'Training windows with noise on every step.': '每一步加噪声的训练窗口。',
  Permutation: '置换',
  'Training windows cut into pieces and put together in another order.': '把训练窗口切成片段，按另一顺序拼接。',
  'Time warping': '时间扭曲',
  'Training windows whose clock runs faster and slower in turn.': '时间忽快忽慢的训练窗口。',
  // Titles of engines.
  'M2AD forecaster': 'M2AD 预测器',
  'Council of quick engines': '快速引擎委员会',
  'Spectral residual': '谱残差',
  'One-liner A': '一行代码 A',
  'One-liner B': '一行代码 B',
  'Case 1: random scores': '情形 1：随机得分',
  'Case 2: raw signal': '情形 2：原始信号',
  'Case 3: untrained network': '情形 3：未训练的网络',
  // Strategies of asking and feedback.
  'How many of the windows with the highest scores are asked in a round. Paper: 1 to 20.':
    '每轮询问多少个得分最高的窗口。论文：1 至 20。',
  'How many windows are drawn at random from each bin of scores in a round. Paper: 1 to 10.':
    '每轮从每个得分区间随机抽取多少个窗口。论文：1 至 10。',
  'Into how many bins with equally many windows each the sorted scores are cut. The paper does not say.':
    '把排序后的得分切成多少个窗口数相等的区间。论文未说明。',
  'How many windows are asked in a round.': '每轮询问多少个窗口。',
  'Passes over the labelled windows, each with new masks. Paper: 10, 50 or 100.':
    '对标注窗口的遍历次数，每次用新的掩码。论文：10、50 或 100。',
  'Labelled windows an update. Paper: 8.': '每次更新的标注窗口数。论文：8。',
  'Of Adam, which begins anew with every round. Paper: 0.01; faster forgets normal operation.':
    'Adam 的学习率，每轮重新开始。论文：0.01；越快越容易忘记正常工况。',
  'Share of the labelled steps of a window that are hidden and to be filled in. The paper names none.':
    '窗口中被遮盖、须填补的标注步比例。论文未给出。',
  'Hidden steps come in runs of this mean length.': '遮盖的步成段出现，平均长度为此。',
  'On, as in the paper: a share of the labelled steps is hidden and to be filled in. A network that learns this forgets how to reconstruct what it sees, which the score is made of. Off: windows are shown as they are.':
    '开启（如论文）：遮盖一部分标注步，须填补。学会填补的网络会忘记如何重构所见，而得分正由此而来。关闭：窗口按原样给出。',
  'Judged steps': '计损失的步',
  'Where the losses look while steps are hidden. Paper: at the hidden ones only.':
    '遮盖步时损失在何处计算。论文：仅在被遮盖的步。',
  'all labelled steps': '所有标注步',
  'hidden steps only': '仅被遮盖的步',
  'So many windows of the training part are mixed in, nothing of them hidden and all of them taken for normal, so that the model does not forget them. Paper: none.':
    '混入这么多训练部分的窗口，不遮盖，全部视为正常，使模型不忘记它们。论文：无。',
  'While training windows are reconstructed worse than this times the mean squared error of before, anomalous steps are not made worse; the last epoch within the bound is taken, or none. 0 sets no bound, as in the paper.':
    '若训练窗口的重构误差超过此前均方误差的此倍数，就不再使异常步变差；取限度内的最后一轮，或不取。0 表示无限度，如论文。',
  'Minimise the error of normal steps, then maximise that of anomalous ones; or one of the two alone.':
    '先最小化正常步的误差，再最大化异常步的误差；或只做其一。',
  'normal better, anomalous worse': '正常更好，异常更差',
  'normal better only': '仅正常更好',
  'anomalous worse only': '仅异常更差',
  'The gradients of an update are shortened together to this norm.': '一次更新的所有梯度一起缩短到此范数。',
  'Anomalous steps are not made worse while their error is more than this times that of normal ones; 0 sets no bound, as in the paper.':
    '异常步的误差超过正常步的此倍数时，不再使其变差；0 表示无限度，如论文。',
  // Live alarms.
  'An alarm comes on when so many of the last steps are over the threshold.':
    '最近若干步中有这么多步超过阈值时触发报警。',
  'How many steps are looked at. Where it is less than the steps that are needed, all of these have to be over it.':
    '查看多少步。若少于所需步数，则这些步须全部超过阈值。',
  'Share of the threshold that the score has to stay at or below before the alarm goes off. 1: the threshold itself.':
    '得分须保持在阈值的此比例或以下，报警才会解除。1：阈值本身。',
  'An alarm goes off after so many steps in a row at or below the lower threshold.':
    '连续这么多步不高于下阈值后解除报警。',
  // Label formats.
  'CSV, data and label column': 'CSV，数据与标签列',
  'All columns and a last one: 1 anomalous, 0 normal, empty unknown. By step; no authors, notes or single sensors. Generated steps have a column of their own.':
    '所有列，最后一列为标签：1 异常，0 正常，空为未知。逐步；不含作者、备注和单个传感器。生成的步另有一列。',
  'Label Studio JSON': 'Label Studio JSON',
  'Keeps everything: ranges, verdicts, sensors, authors, layers, notes. End is the time of the last step, inclusive.':
    '保留全部：区间、判定、传感器、作者、图层、备注。结束为最后一步的时间（含）。',
  'NAB windows JSON': 'NAB 窗口 JSON',
  'Anomalous ranges by time to the microsecond on the clock of the data, both ends inclusive. No sensors, authors or notes; no "normal".':
    '按数据自身时钟的异常区间，精确到微秒，两端均含。不含传感器、作者和备注；不含“正常”。',
  'start, end and severity of anomalous ranges, in seconds since 1970 (or step numbers), both ends inclusive. No sensors, authors or notes; no "normal".':
    '异常区间的 start、end 和 severity，以 1970 年起的秒数（或步号）表示，两端均含。不含传感器、作者和备注；不含“正常”。',
  'telemanom ranges': 'telemanom 区间',
  'One line a sensor, or one for the whole series, with anomalous ranges as step numbers of the series, both ends inclusive. No authors or notes; no "normal".':
    '每个传感器一行，或整个序列一行，异常区间以序列步号表示，两端均含。不含作者和备注；不含“正常”。',
  'TimeEval table': 'TimeEval 表格',
  'All columns and is_anomaly: 1 where called anomalous, 0 elsewhere. By step; "normal" and "unsure" are lost.':
    '所有列及 is_anomaly：标为异常处为 1，其余为 0。逐步；“正常”和“不确定”会丢失。',
  'MTV events JSON': 'MTV 事件 JSON',
  'Ranges, verdicts and sensors by time in seconds, both ends inclusive. A system becomes its sensors; no authors or notes.':
    '按秒表示的区间、判定和传感器，两端均含。系统展开为其传感器；不含作者和备注。',
  'One line a sensor and observed step with its verdict. By step, so both ends are inclusive; no authors or notes, and "unsure" is lost.':
    '每个传感器的每个有值的步一行，附其判定。逐步，故两端均含；不含作者和备注，“不确定”会丢失。',
};
