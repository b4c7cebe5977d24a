import {readFileSync,writeFileSync} from 'node:fs';
import {execSync} from 'node:child_process';
const lock=JSON.parse(readFileSync('package-lock.json','utf8'));
let added=0;
for (const [path,p] of Object.entries(lock.packages)) {
  for (const [name,range] of Object.entries(p.optionalDependencies??{})) {
    const at=['node_modules/'+name, path+'/node_modules/'+name].find(k=>lock.packages[k]);
    if (at) continue;
    let version=range.replace(/^[\^~]/,'');
    let meta={};
    try { meta=JSON.parse(execSync(`npm view ${name}@${version} --json os cpu libc version license engines dist.integrity 2>/dev/null`).toString()||'{}'); } catch {}
    const m=name.match(/(linux|darwin|win32|android|freebsd|openbsd|netbsd|sunos|aix|openharmony|wasm32)[-]?(x64|arm64|arm|ia32|ppc64|s390x|riscv64|loong64)?(?:-(musl|gnu))?/);
    const e={version, optional:true};
    if (meta['dist.integrity']) e.integrity=meta['dist.integrity'];
    if (p.dev) e.dev=true;
    if (meta.license) e.license=meta.license;
    e.os=meta.os?[].concat(meta.os):m?[m[1]]:undefined; e.cpu=meta.cpu?[].concat(meta.cpu):m?.[2]?[m[2]]:undefined;
    if (meta.libc) e.libc=[].concat(meta.libc);
    console.log('add',name,version,JSON.stringify(e.os),JSON.stringify(e.cpu),meta.version?'found':'404');
    lock.packages['node_modules/'+name]=e; added++;
  }
}
const s=lock.packages; lock.packages=Object.fromEntries(Object.entries(s).sort(([a],[b])=>a<b?-1:1));
writeFileSync('package-lock.json',JSON.stringify(lock,null,2)+'\n'); console.log(added);
